//! Every text that a person reads.

use partner_case_core::{CaseStatus, CaseType, Certainty, Field, FieldError, PersonalDataKind, SecretKind};

use crate::submission::NotSentReason;

/// Declares the messages: the name in code, the key in a catalogue, the English text. `{name}` stands for a value.
macro_rules! messages {
    ($($name:ident = $key:literal: $english:literal;)+) => {
        /// A text that a person reads.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum Message { $($name,)+ }

        impl Message {
            /// Every message.
            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$name,)+];

            /// The key in a catalogue.
            #[cfg(test)]
            const fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)+ }
            }

            /// The text in English.
            pub(crate) const fn text(self) -> &'static str {
                match self { $(Self::$name => $english,)+ }
            }
        }
    };
}

messages! {
    FormName = "form.name": "Case form";
    Optional = "form.optional": "(optional)";
    Submit = "form.submit": "Create case";
    Sending = "form.sending": "Creating the case…";
    AboutLegend = "form.about": "Who and what the case is about";

    TypeLabel = "type.label": "Case type";
    TypeHint = "type.hint": "What kind of question it is.";
    TypeGeneralEnquiry = "type.general_enquiry": "General enquiry";
    UserIdLabel = "user_id.label": "User ID";
    UserIdHint = "user_id.hint": "The Wise user the case is about.";
    TransferIdLabel = "transfer_id.label": "Transfer ID";
    TransferIdHint = "transfer_id.hint": "If it is about a transfer.";
    ProfileIdLabel = "profile_id.label": "Profile ID";
    ProfileIdHint = "profile_id.hint": "If it is about a profile.";
    ReasonLabel = "reason.label": "Reason";
    ReasonHint = "reason.hint": "Proposes a subject, which you can change. The reason itself is not sent.";
    ReasonNone = "reason.none": "No reason chosen";
    ReasonPaymentNotArrived = "reason.payment_not_arrived": "Payment has not arrived";
    ReasonProofOfPayout = "reason.proof_of_payout": "Proof of payout";
    ReasonReturnedFunds = "reason.returned_funds": "Why funds were returned";
    ReasonAccountProblem = "reason.account_problem": "Problem with an account";
    ReasonOther = "reason.other": "Something else";
    ReasonSubject = "reason.subject": "Transfer {id}: {reason}";
    SubjectLabel = "subject.label": "Subject";
    SubjectHint = "subject.hint": "One line, without personal data: names, e-mail addresses and account numbers belong in the description.";
    DescriptionLabel = "description.label": "Description";
    DescriptionHint = "description.hint": "What happened, what should have happened, and what you need from Wise.";
    ExternalIdLabel = "external_id.label": "Your reference";
    ExternalIdHint = "external_id.hint": "Your own number for this case, to find it again.";

    StopTitle = "stop.title": "This must not be sent";
    StopWhy = "stop.why": "Full card numbers, passwords and access tokens must not be passed on to anybody, Wise included.";
    StopFind = "stop.find": "“{value}”: {kind}";
    StopMask = "stop.mask": "Hide it";
    StopKeep = "stop.keep": "It is none, keep it";
    StopAnnounce = "stop.announce": "The description seems to hold what must not be sent: {kind}";
    SecretCard = "secret.card": "full card number";
    SecretToken = "secret.token": "access token";
    SecretPassword = "secret.password": "password or code";
    DescriptionSecret = "error.description.secret": "Description: hide the {kind}";
    LengthLimit = "length.limit": "At most {max} characters.";
    LengthLeft = "length.left": "{left} characters left";
    LengthOver = "length.over": "{excess} characters too many";
    LengthDropped = "length.dropped": "Wise would drop the last {excess} characters";
    LengthBytes = "length.bytes": "Wise allows {max} characters and does not say how it counts letters like these. To be safe, keep the text shorter, or send the rest in a second case.";
    TrimQuoted = "length.trim_quoted": "Remove the quoted mail at the end";
    TrimBlank = "length.trim_blank": "Remove blank lines";
    GoToCut = "length.go_to_cut": "Go to the place of the cut";
    GuardTitle = "guard.title": "Personal data in the subject";
    GuardWhy = "guard.why": "The subject is shown in lists and e-mails, so Wise asks to keep personal data out of it. In the description it is fine.";
    GuardCertain = "guard.certain": "“{value}”: {kind}";
    GuardProbable = "guard.probable": "“{value}”: perhaps the {kind}";
    GuardMove = "guard.move": "Move to the description";
    GuardKeep = "guard.keep": "It is not personal data";
    GuardAnnounce = "guard.announce": "The subject seems to hold personal data: {kind}";
    SubjectPersonalData = "error.subject.personal_data": "Subject: move the {kind} to the description";
    SubjectUndecided = "error.subject.undecided": "Subject: decide about what may be the {kind}";
    KindEmail = "kind.email": "e-mail address";
    NeutralEmail = "neutral.email": "[e-mail]";
    KindPhone = "kind.phone": "phone number";
    NeutralPhone = "neutral.phone": "[phone number]";
    KindIban = "kind.iban": "IBAN";
    NeutralIban = "neutral.iban": "[IBAN]";
    KindCard = "kind.card": "card number";
    NeutralCard = "neutral.card": "[card]";
    KindNationalId = "kind.national_id": "national ID or tax number";
    NeutralNationalId = "neutral.national_id": "[ID number]";
    KindPassport = "kind.passport": "passport number";
    NeutralPassport = "neutral.passport": "[passport]";
    KindDrivingLicence = "kind.driving_licence": "driving licence number";
    NeutralDrivingLicence = "neutral.driving_licence": "[driving licence]";
    KindDateOfBirth = "kind.date_of_birth": "date of birth";
    NeutralDateOfBirth = "neutral.date_of_birth": "[date of birth]";
    KindIp = "kind.ip": "IP address";
    NeutralIp = "neutral.ip": "[IP address]";
    KindCrypto = "kind.crypto": "crypto wallet address";
    NeutralCrypto = "neutral.crypto": "[wallet]";
    KindBankAccount = "kind.bank_account": "bank account number";
    NeutralBankAccount = "neutral.bank_account": "[bank account]";
    KindAddress = "kind.address": "postal address";
    NeutralAddress = "neutral.address": "[address]";
    KindName = "kind.name": "name of a person";
    NeutralName = "neutral.name": "[name]";
    Pasted = "paste.filled": "Filled in from what you pasted: {fields}";
    SummaryTitle = "summary.title": "There is a problem";
    TypeRequired = "error.type.required": "Choose a case type";
    TypeUnknown = "error.type.unknown": "Choose a case type from the list";
    UserIdRequired = "error.user_id.required": "Enter the user ID";
    SubjectRequired = "error.subject.required": "Enter a subject";
    DescriptionRequired = "error.description.required": "Enter a description";
    FieldRequired = "error.required": "{field}: enter a value";
    TooLong = "error.too_long": "{field}: shorten the text by {excess} characters. It has {actual}, and {max} is the most that Wise keeps";
    LineBreak = "error.line_break": "{field}: put the text on one line";
    IdNotDigits = "error.id.not_digits": "{field}: enter digits only. “{found}” is not a digit";
    IdSeveralNumbers = "error.id.several_numbers": "{field}: enter one number only";
    IdFraction = "error.id.fraction": "{field}: enter a whole number, without a decimal point";
    IdNotPositive = "error.id.not_positive": "{field}: enter a number of 1 or more";
    IdTooLarge = "error.id.too_large": "{field}: check the number. It has too many digits to be an ID";
    FieldRefused = "error.refused": "{field}: Wise did not accept this value. Check it and send again";

    ErrorPrefix = "error.prefix": "Error:";
    RejectedTitle = "rejected.title": "The case was not created";
    RejectedFields = "rejected.fields": "Wise did not accept it. Correct what is listed and send it again.";
    RejectedText = "rejected.text": "Wise did not accept it and did not say which field is at fault. Check what you entered and send it again. If that does not help, give the references below to the support of this portal.";
    NotSentTitle = "not_sent.title": "The case was not created";
    NotSentOffline = "not_sent.offline": "This computer is offline. Your text is kept. Send it again when you are back online.";
    NotSentSessionExpired = "not_sent.session_expired": "Your session has ended. Your text is kept. Sign in again in another tab, then send it from here.";
    NotSentBusy = "not_sent.busy": "Too many requests were sent at once. Your text is kept. Wait a moment and send it again.";
    NotSentBusyFor = "not_sent.busy_for": "Too many requests were sent at once. Your text is kept. Send it again in {secs} seconds.";
    NotSentTooSlow = "not_sent.too_slow": "The connection was too slow for the text. Your text is kept. Send it again.";
    NotSentUnavailable = "not_sent.unavailable": "Wise cannot be reached from this portal right now. Your text is kept. Send it again in a few minutes. If that does not help, tell the support of this portal.";
    NotSentMisconfigured = "not_sent.misconfigured": "This portal is not set up correctly for cases. Your text is kept. Tell the support of this portal.";

    UnknownTitle = "unknown.title": "We cannot tell whether the case was created";
    UnknownText = "unknown.text": "It was sent, but no clear answer came back. It may have been created. Nothing is sent again by itself, and your text is kept.";
    UnknownAdvice = "unknown.advice": "Check with Wise, or with the support of this portal, before you send it again: a second case may be the result.";
    UnknownSendAgain = "unknown.send_again": "I have checked, send it again";
    UnknownReconsidering = "unknown.reconsidering": "An earlier version of this text was sent, and we cannot tell whether it became a case. Check before you send it again: a second case may be the result.";
    UnknownEdit = "unknown.edit": "Go back to the text";

    CreatedTitle = "created.title": "Case created";
    CreatedFailedTitle = "created.failed_title": "Wise could not set the case up";
    CreatedNumber = "created.number": "Case number";
    CreatedStatus = "created.status": "Status";
    CreatedExternalId = "created.external_id": "Your reference";
    CreatedTime = "created.time": "Created";
    CreatedAnother = "created.another": "Create another case";
    StatusCreating = "status.creating": "Being created: Wise has received the case and is setting it up";
    StatusOpen = "status.open": "Open: Wise is working on it, there is nothing to do for you";
    StatusPending = "status.pending": "Pending: Wise is waiting for an answer from you";
    StatusSolved = "status.solved": "Solved: the case will be closed soon";
    StatusClosed = "status.closed": "Closed";
    StatusInReview = "status.in_review": "In review: Wise is working on it, there is nothing to do for you";
    StatusWaitingCustomerInput = "status.waiting_customer_input": "Waiting for information: Wise is waiting for an answer from you";
    StatusResolved = "status.resolved": "Resolved: solved and closed";
    StatusFailed = "status.failed": "Failed: Wise could not set the case up. Contact Wise";

    TraceId = "reference.trace_id": "Wise’s trace ID";
    RequestId = "reference.request_id": "Request ID";
}

impl Message {
    /// The text with values in the places of its `{names}`.
    pub(crate) fn with(self, values: &[(&str, &str)]) -> String {
        let mut filled = String::new();
        let mut rest = self.text();
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else { break };
            filled.push_str(before);
            filled.push_str(values.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value));
            rest = after;
        }
        filled + rest
    }
}

/// The label of a field.
pub(crate) const fn label(field: Field) -> Message {
    match field {
        Field::CaseType => Message::TypeLabel,
        Field::UserId => Message::UserIdLabel,
        Field::TransferId => Message::TransferIdLabel,
        Field::ProfileId => Message::ProfileIdLabel,
        Field::Subject => Message::SubjectLabel,
        Field::Description => Message::DescriptionLabel,
        Field::ExternalId => Message::ExternalIdLabel,
    }
}

/// The hint of a field.
pub(crate) const fn hint(field: Field) -> Message {
    match field {
        Field::CaseType => Message::TypeHint,
        Field::UserId => Message::UserIdHint,
        Field::TransferId => Message::TransferIdHint,
        Field::ProfileId => Message::ProfileIdHint,
        Field::Subject => Message::SubjectHint,
        Field::Description => Message::DescriptionHint,
        Field::ExternalId => Message::ExternalIdHint,
    }
}

/// What is wrong with a field, the same words in the field and in the summary. `number` writes a number as the reader's language does.
pub(crate) fn field_error(field: Field, error: &FieldError, number: impl Fn(usize) -> String) -> String {
    let name = ("field", label(field).text());
    match (error, field) {
        (FieldError::Required, Field::CaseType) => Message::TypeRequired.text().to_owned(),
        (FieldError::Required, Field::UserId) => Message::UserIdRequired.text().to_owned(),
        (FieldError::Required, Field::Subject) => Message::SubjectRequired.text().to_owned(),
        (FieldError::Required, Field::Description) => Message::DescriptionRequired.text().to_owned(),
        (FieldError::Required, Field::TransferId | Field::ProfileId | Field::ExternalId) => Message::FieldRequired.with(&[name]),
        (FieldError::TooLong { max, actual }, _) => {
            let excess = number(actual.saturating_sub(*max));
            Message::TooLong.with(&[
                name,
                ("excess", &excess),
                ("actual", &number(*actual)),
                ("max", &number(*max)),
            ])
        }
        (FieldError::LineBreak, _) => Message::LineBreak.with(&[name]),
        (FieldError::UnknownType, _) => Message::TypeUnknown.text().to_owned(),
        (FieldError::NotDigits { found }, _) => Message::IdNotDigits.with(&[name, ("found", found.encode_utf8(&mut [0; 4]))]),
        (FieldError::SeveralNumbers, _) => Message::IdSeveralNumbers.with(&[name]),
        (FieldError::Fraction, _) => Message::IdFraction.with(&[name]),
        (FieldError::NotPositive, _) => Message::IdNotPositive.with(&[name]),
        (FieldError::TooLarge, _) => Message::IdTooLarge.with(&[name]),
        (FieldError::PersonalData { kind, certainty }, _) => {
            let message = match certainty {
                Certainty::Certain => Message::SubjectPersonalData,
                Certainty::Probable => Message::SubjectUndecided,
            };
            message.with(&[("kind", kind_name(*kind).text())])
        }
        (FieldError::Secret { secret }, _) => Message::DescriptionSecret.with(&[("kind", secret_name(*secret).text())]),
        (FieldError::WrongType | FieldError::Refused, _) => Message::FieldRefused.with(&[name]),
    }
}

/// What a kind of secret is called.
pub(crate) const fn secret_name(kind: SecretKind) -> Message {
    match kind {
        SecretKind::Card => Message::SecretCard,
        SecretKind::Token => Message::SecretToken,
        SecretKind::Password => Message::SecretPassword,
    }
}

/// What a kind of personal data is called.
pub(crate) const fn kind_name(kind: PersonalDataKind) -> Message {
    match kind {
        PersonalDataKind::Email => Message::KindEmail,
        PersonalDataKind::Phone => Message::KindPhone,
        PersonalDataKind::Iban => Message::KindIban,
        PersonalDataKind::Card => Message::KindCard,
        PersonalDataKind::NationalId => Message::KindNationalId,
        PersonalDataKind::Passport => Message::KindPassport,
        PersonalDataKind::DrivingLicence => Message::KindDrivingLicence,
        PersonalDataKind::DateOfBirth => Message::KindDateOfBirth,
        PersonalDataKind::Ip => Message::KindIp,
        PersonalDataKind::Crypto => Message::KindCrypto,
        PersonalDataKind::BankAccount => Message::KindBankAccount,
        PersonalDataKind::Address => Message::KindAddress,
        PersonalDataKind::Name => Message::KindName,
    }
}

/// The word that is left where personal data was.
pub(crate) const fn neutral_word(kind: PersonalDataKind) -> Message {
    match kind {
        PersonalDataKind::Email => Message::NeutralEmail,
        PersonalDataKind::Phone => Message::NeutralPhone,
        PersonalDataKind::Iban => Message::NeutralIban,
        PersonalDataKind::Card => Message::NeutralCard,
        PersonalDataKind::NationalId => Message::NeutralNationalId,
        PersonalDataKind::Passport => Message::NeutralPassport,
        PersonalDataKind::DrivingLicence => Message::NeutralDrivingLicence,
        PersonalDataKind::DateOfBirth => Message::NeutralDateOfBirth,
        PersonalDataKind::Ip => Message::NeutralIp,
        PersonalDataKind::Crypto => Message::NeutralCrypto,
        PersonalDataKind::BankAccount => Message::NeutralBankAccount,
        PersonalDataKind::Address => Message::NeutralAddress,
        PersonalDataKind::Name => Message::NeutralName,
    }
}

/// The name of a case type; one without a name here is shown as Wise writes it.
pub(crate) fn case_type(case_type: &CaseType) -> String {
    match case_type {
        CaseType::GeneralEnquiry => Message::TypeGeneralEnquiry.text().to_owned(),
        CaseType::Other(name) => name.clone(),
    }
}

/// What a status means; one without a meaning here is shown as Wise writes it.
pub(crate) fn status(status: &CaseStatus) -> String {
    let message = match status {
        CaseStatus::Creating => Message::StatusCreating,
        CaseStatus::Open => Message::StatusOpen,
        CaseStatus::Pending => Message::StatusPending,
        CaseStatus::Solved => Message::StatusSolved,
        CaseStatus::Closed => Message::StatusClosed,
        CaseStatus::InReview => Message::StatusInReview,
        CaseStatus::WaitingCustomerInput => Message::StatusWaitingCustomerInput,
        CaseStatus::Resolved => Message::StatusResolved,
        CaseStatus::Failed => Message::StatusFailed,
        CaseStatus::Other(name) => return name.clone(),
    };
    message.text().to_owned()
}

/// Why a case was not sent, and what to do next.
pub(crate) fn not_sent(reason: NotSentReason, retry_after_secs: Option<u64>) -> String {
    let message = match (reason, retry_after_secs) {
        (NotSentReason::Busy, Some(secs)) => return Message::NotSentBusyFor.with(&[("secs", &secs.to_string())]),
        (NotSentReason::Busy, None) => Message::NotSentBusy,
        (NotSentReason::Offline, _) => Message::NotSentOffline,
        (NotSentReason::SessionExpired, _) => Message::NotSentSessionExpired,
        (NotSentReason::TooSlow, _) => Message::NotSentTooSlow,
        (NotSentReason::Unavailable, _) => Message::NotSentUnavailable,
        (NotSentReason::Misconfigured, _) => Message::NotSentMisconfigured,
    };
    message.text().to_owned()
}

#[cfg(test)]
mod tests;
