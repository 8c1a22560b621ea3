//! Every text that a person reads: the messages by name, and which of them says what. Their wording is in `www/locales/`, one file for
//! each language.

mod catalogue;
mod json;

use partner_case_core::{CaseStatus, CaseType, Certainty, Field, FieldError, NotSentReason, PersonalDataKind, SecretKind};

/// Declares the messages: the name in code and the key in a catalogue. The English texts are in `www/locales/en.json`.
macro_rules! messages {
    ($($name:ident = $key:literal;)+) => {
        /// A text that a person reads.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum Message { $($name,)+ }

        impl Message {
            /// Every message, in the order of the catalogue.
            pub(crate) const ALL: &[Self] = &[$(Self::$name,)+];

            /// The key in a catalogue.
            pub(crate) const fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)+ }
            }
        }
    };
}

messages! {
    FormName = "form.name";
    Optional = "form.optional";
    Submit = "form.submit";
    Sending = "form.sending";
    AboutLegend = "form.about";
    ListSeparator = "list.separator";
    TypeLabel = "type.label";
    TypeHint = "type.hint";
    TypeGeneralEnquiry = "type.general_enquiry";
    UserIdLabel = "user_id.label";
    UserIdHint = "user_id.hint";
    UserIdWhere = "user_id.where";
    TransferIdLabel = "transfer_id.label";
    TransferIdHint = "transfer_id.hint";
    TransferIdWhere = "transfer_id.where";
    ProfileIdLabel = "profile_id.label";
    ProfileIdHint = "profile_id.hint";
    ProfileIdWhere = "profile_id.where";
    ReasonLabel = "reason.label";
    ReasonHint = "reason.hint";
    ReasonNone = "reason.none";
    ReasonPaymentNotArrived = "reason.payment_not_arrived";
    ReasonProofOfPayout = "reason.proof_of_payout";
    ReasonReturnedFunds = "reason.returned_funds";
    ReasonAccountProblem = "reason.account_problem";
    ReasonOther = "reason.other";
    ReasonSubject = "reason.subject";
    SubjectLabel = "subject.label";
    SubjectHint = "subject.hint";
    DescriptionLabel = "description.label";
    DescriptionHint = "description.hint";
    ExternalIdLabel = "external_id.label";
    ExternalIdHint = "external_id.hint";
    Pasted = "paste.filled";
    SummaryTitle = "summary.title";
    ErrorPrefix = "error.prefix";
    TypeRequired = "error.type.required";
    TypeUnknown = "error.type.unknown";
    UserIdRequired = "error.user_id.required";
    SubjectRequired = "error.subject.required";
    DescriptionRequired = "error.description.required";
    FieldRequired = "error.required";
    TooLong = "error.too_long";
    LineBreak = "error.line_break";
    ControlCharacter = "error.control_character";
    IdNotDigits = "error.id.not_digits";
    IdSeveralNumbers = "error.id.several_numbers";
    IdFraction = "error.id.fraction";
    IdNotPositive = "error.id.not_positive";
    IdTooLarge = "error.id.too_large";
    FieldRefused = "error.refused";
    SubjectPersonalData = "error.subject.personal_data";
    SubjectUndecided = "error.subject.undecided";
    DescriptionSecret = "error.description.secret";
    GuardTitle = "guard.title";
    GuardWhy = "guard.why";
    GuardCertain = "guard.certain";
    GuardProbable = "guard.probable";
    GuardMove = "guard.move";
    GuardKeep = "guard.keep";
    GuardAnnounce = "guard.announce";
    GuardMoved = "guard.moved";
    KindEmail = "kind.email";
    KindPhone = "kind.phone";
    KindIban = "kind.iban";
    KindCard = "kind.card";
    KindNationalId = "kind.national_id";
    KindPassport = "kind.passport";
    KindDrivingLicence = "kind.driving_licence";
    KindDateOfBirth = "kind.date_of_birth";
    KindIp = "kind.ip";
    KindCrypto = "kind.crypto";
    KindBankAccount = "kind.bank_account";
    KindAddress = "kind.address";
    KindName = "kind.name";
    NeutralEmail = "neutral.email";
    NeutralPhone = "neutral.phone";
    NeutralIban = "neutral.iban";
    NeutralCard = "neutral.card";
    NeutralNationalId = "neutral.national_id";
    NeutralPassport = "neutral.passport";
    NeutralDrivingLicence = "neutral.driving_licence";
    NeutralDateOfBirth = "neutral.date_of_birth";
    NeutralIp = "neutral.ip";
    NeutralCrypto = "neutral.crypto";
    NeutralBankAccount = "neutral.bank_account";
    NeutralAddress = "neutral.address";
    NeutralName = "neutral.name";
    StopTitle = "stop.title";
    StopWhy = "stop.why";
    StopFind = "stop.find";
    StopMask = "stop.mask";
    StopKeep = "stop.keep";
    StopAnnounce = "stop.announce";
    SecretCard = "secret.card";
    SecretToken = "secret.token";
    SecretPassword = "secret.password";
    LengthLimit = "length.limit";
    LengthLeft = "length.left";
    LengthOver = "length.over";
    LengthDropped = "length.dropped";
    LengthBytes = "length.bytes";
    TrimQuoted = "length.trim_quoted";
    TrimBlank = "length.trim_blank";
    GoToCut = "length.go_to_cut";
    DraftMemory = "draft.memory";
    DraftSession = "draft.session";
    DraftLocal = "draft.local";
    DraftRestored = "draft.restored";
    DraftParked = "draft.parked";
    DraftNotKept = "draft.not_kept";
    DraftSecret = "draft.secret";
    DraftElsewhere = "draft.elsewhere";
    DraftTakeOver = "draft.take_over";
    DraftDelete = "draft.delete";
    DraftDeleted = "draft.deleted";
    DraftUndo = "draft.undo";
    DraftParkedCreated = "draft.parked_created";
    ReviewTitle = "review.title";
    ReviewText = "review.text";
    ReviewEmpty = "review.empty";
    ReviewSend = "review.send";
    ReviewChange = "review.change";
    RejectedTitle = "rejected.title";
    RejectedFields = "rejected.fields";
    RejectedText = "rejected.text";
    NotSentTitle = "not_sent.title";
    NotSentOffline = "not_sent.offline";
    NotSentSessionExpired = "not_sent.session_expired";
    NotSentBusy = "not_sent.busy";
    NotSentTooSlow = "not_sent.too_slow";
    NotSentUnavailable = "not_sent.unavailable";
    NotSentMisconfigured = "not_sent.misconfigured";
    NotSentKeyReused = "not_sent.key_reused";
    NotSentKeyReusedTitle = "not_sent.key_reused_title";
    NotSentNotAllowed = "not_sent.not_allowed";
    // Only the proxy's pages say it: the form knows whether it has sent the key before.
    NotSentUnsentTitle = "not_sent.unsent_title";
    NotSentWait = "not_sent.wait";
    NotSentNow = "not_sent.now";
    // Only the proxy's pages say the next two: the form shows its text whatever happens.
    NotSentSignedOut = "not_sent.signed_out";
    NotSentGoBack = "not_sent.go_back";
    UnknownTitle = "unknown.title";
    UnknownText = "unknown.text";
    UnknownChecking = "unknown.checking";
    UnknownStill = "unknown.still";
    UnknownNoAnswer = "unknown.no_answer";
    UnknownCheck = "unknown.check";
    UnknownSendAgain = "unknown.send_again";
    UnknownAdvice = "unknown.advice";
    UnknownSendAgainChecked = "unknown.send_again_checked";
    UnknownReconsidering = "unknown.reconsidering";
    UnknownEdit = "unknown.edit";
    CreatedTitle = "created.title";
    CreatedFailedTitle = "created.failed_title";
    CreatedFailedText = "created.failed_text";
    CreatedNumber = "created.number";
    CreatedStatus = "created.status";
    CreatedExternalId = "created.external_id";
    CreatedTime = "created.time";
    CreatedNextTitle = "created.next_title";
    CreatedNext = "created.next";
    CreatedCopy = "created.copy";
    CreatedPrint = "created.print";
    CreatedDownload = "created.download";
    CreatedAnother = "created.another";
    CopyDone = "copy.done";
    CopyFailed = "copy.failed";
    StatusCreating = "status.creating";
    StatusOpen = "status.open";
    StatusPending = "status.pending";
    StatusSolved = "status.solved";
    StatusClosed = "status.closed";
    StatusInReview = "status.in_review";
    StatusWaitingCustomerInput = "status.waiting_customer_input";
    StatusResolved = "status.resolved";
    StatusFailed = "status.failed";
    TraceId = "reference.trace_id";
    RequestId = "reference.request_id";
    ReferenceCopy = "reference.copy";
}

pub(crate) use self::catalogue::{Catalogue, Texts};

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

/// Where an id is found, said beside what is wrong with it.
pub(crate) const fn where_found(field: Field) -> Option<Message> {
    match field {
        Field::UserId => Some(Message::UserIdWhere),
        Field::TransferId => Some(Message::TransferIdWhere),
        Field::ProfileId => Some(Message::ProfileIdWhere),
        Field::CaseType | Field::Subject | Field::Description | Field::ExternalId => None,
    }
}

/// What is wrong with a field, the same words in the field and in the summary.
pub(crate) fn field_error(texts: Texts, field: Field, error: &FieldError) -> String {
    let label = texts.get(label(field));
    let name = ("field", label.as_str());
    match (error, field) {
        (FieldError::Required, Field::CaseType) => texts.get(Message::TypeRequired),
        (FieldError::Required, Field::UserId) => texts.get(Message::UserIdRequired),
        (FieldError::Required, Field::Subject) => texts.get(Message::SubjectRequired),
        (FieldError::Required, Field::Description) => texts.get(Message::DescriptionRequired),
        (FieldError::Required, Field::TransferId | Field::ProfileId | Field::ExternalId) => {
            texts.with(Message::FieldRequired, &[name])
        }
        (FieldError::TooLong { max, actual }, _) => {
            let (max_text, actual_text) = (texts.number(*max), texts.number(*actual));
            let values = [name, ("actual", actual_text.as_str()), ("max", max_text.as_str())];
            texts.count(Message::TooLong, actual.saturating_sub(*max), &values)
        }
        (FieldError::LineBreak, _) => texts.with(Message::LineBreak, &[name]),
        (FieldError::ControlCharacter { found }, _) => texts.with(Message::ControlCharacter, &[name, ("found", found)]),
        (FieldError::UnknownType, _) => texts.get(Message::TypeUnknown),
        (FieldError::NotDigits { found }, _) => {
            texts.with(Message::IdNotDigits, &[name, ("found", found.encode_utf8(&mut [0; 4]))])
        }
        (FieldError::SeveralNumbers, _) => texts.with(Message::IdSeveralNumbers, &[name]),
        (FieldError::Fraction, _) => texts.with(Message::IdFraction, &[name]),
        (FieldError::NotPositive, _) => texts.with(Message::IdNotPositive, &[name]),
        (FieldError::TooLarge, _) => texts.with(Message::IdTooLarge, &[name]),
        (FieldError::PersonalData { kind, certainty }, _) => {
            let message = match certainty {
                Certainty::Certain => Message::SubjectPersonalData,
                Certainty::Probable => Message::SubjectUndecided,
            };
            texts.with(message, &[("kind", &texts.get(kind_name(*kind)))])
        }
        (FieldError::Secret { secret }, _) => {
            texts.with(Message::DescriptionSecret, &[("kind", &texts.get(secret_name(*secret)))])
        }
        (FieldError::WrongType | FieldError::Refused, _) => texts.with(Message::FieldRefused, &[name]),
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
pub(crate) fn case_type(texts: Texts, case_type: &CaseType) -> String {
    match case_type {
        CaseType::GeneralEnquiry => texts.get(Message::TypeGeneralEnquiry),
        CaseType::Other(name) => name.clone(),
    }
}

/// What a status means; one without a meaning here is shown as Wise writes it.
pub(crate) fn status(texts: Texts, status: &CaseStatus) -> String {
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
    texts.get(message)
}

/// The heading over why a case was not sent. Where another text was sent under the key, there may be a case.
pub(crate) const fn not_sent_title(reason: NotSentReason) -> Message {
    match reason {
        NotSentReason::KeyReused => Message::NotSentKeyReusedTitle,
        _ => Message::NotSentTitle,
    }
}

/// Why a case was not sent, and what to do next.
pub(crate) const fn not_sent(reason: NotSentReason) -> Message {
    match reason {
        NotSentReason::Busy => Message::NotSentBusy,
        NotSentReason::Offline => Message::NotSentOffline,
        NotSentReason::SessionExpired => Message::NotSentSessionExpired,
        NotSentReason::TooSlow => Message::NotSentTooSlow,
        NotSentReason::Unavailable => Message::NotSentUnavailable,
        NotSentReason::Misconfigured => Message::NotSentMisconfigured,
        NotSentReason::KeyReused => Message::NotSentKeyReused,
        NotSentReason::NotAllowed => Message::NotSentNotAllowed,
    }
}

#[cfg(test)]
mod tests;
