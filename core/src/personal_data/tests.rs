use super::PersonalDataKind as Kind;
use super::*;
use proptest::prelude::*;

pub(super) fn kinds(text: &str) -> Vec<Kind> {
    find_personal_data(text, PersonalDataContext::default())
        .into_iter()
        .map(|find| find.kind)
        .collect()
}

fn found<'t>(text: &'t str, context: PersonalDataContext<'_>) -> Vec<&'t str> {
    find_personal_data(text, context)
        .into_iter()
        .map(|find| &text[find.range])
        .collect()
}

#[test]
fn each_kind_is_found_in_its_usual_form() {
    for (text, expected) in [
        ("Receipt to anna.k@example.co.uk please", Kind::Email),
        ("Contact KUNDE+1@BEISPIEL.DE", Kind::Email),
        ("Customer reachable on +44 20 7946 0958", Kind::Phone),
        ("Telefon 030 901820 ist falsch", Kind::Phone),
        ("Payout to GB29 NWBK 6016 1331 9268 19 returned", Kind::Iban),
        ("payout to gb29nwbk60161331926819", Kind::Iban),
        ("Money left 4111 1111 1111 1111 twice", Kind::Card),
        ("Card 378282246310005 declined", Kind::Card),
        ("NINO AB123456C rejected", Kind::NationalId),
        ("Codice fiscale RSSMRA85T10A562S errato", Kind::NationalId),
        ("Personnummer 811228-9874 stämmer inte", Kind::NationalId),
        ("PESEL 44051401359 nie działa", Kind::NationalId),
        ("身份证号码11010519491231002X", Kind::NationalId),
        ("Reisepass C01X00T47 abgelaufen", Kind::Passport),
        ("Driving licence no MORGA657054SM9IJ", Kind::DrivingLicence),
        ("Führerschein B072RRE2I55", Kind::DrivingLicence),
        ("Born 12/03/1981", Kind::DateOfBirth),
        ("geb. am 3. Mai 1975", Kind::DateOfBirth),
        ("生年月日1981年7月18日", Kind::DateOfBirth),
        ("Login from 8.8.8.8", Kind::Ip),
        ("IP 2001:4860:4860::8888 blocked", Kind::Ip),
        ("Sent to 0x52908400098527886E0F7030069857D2E4169EE7", Kind::Crypto),
        ("Wallet 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", Kind::Crypto),
        ("Sort code 20-00-00 account 55779911", Kind::BankAccount),
        ("Kontonummer 0532013000 falsch", Kind::BankAccount),
        ("Lives at 10 Downing Street, London", Kind::Address),
        ("Wohnhaft Unter den Linden 77, Berlin", Kind::Address),
        ("Parcel for 221B Baker Street", Kind::Address),
        ("Refund for Mr Watson", Kind::Name),
        ("Zahlung an Anna Schmidt fehlt", Kind::Name),
    ] {
        assert!(kinds(text).contains(&expected), "{text}: {:?}", kinds(text));
    }
}

#[test]
fn what_support_desks_write_every_day_is_clean() {
    for text in [
        "Inquiry about Transfer 12345",
        "Transfer 58114690: money not received",
        "Überweisung 58114690 fehlt",
        "Virement nº 58114690 bloqué",
        "送金58114690の状況",
        "Case 4012888888881881 reopened",
        "Passport check failing, profile 84718642",
        "Date of birth cannot be edited since 12/03/2024",
        "Card not delivered, order 7113300646",
        "IBAN field missing for Norway",
        "SWIFT DEUTDEFF500 rejected",
        "Quote 3976b8b9-df2b-4754-a3f4-5e48cbc1ee26 failing",
        "App version 1.20.30.40 login bug",
        "HTTP 500 at 16:41:22 UTC",
        "Payment of 1,250.00 GBP missing",
        "Tax number field shows 1,250.00 GBP",
        "Exchange Rate Question",
        "Payout to Commerzbank AG rejected",
        "Payouts to South Africa failing",
        "Transactions between 01.03.2026 and 31.03.2026",
        "Webhook retries for 10.0.0.12",
        "Please contact support@example.com",
        "Commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "Card ending 4242 declined",
        "",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
}

#[test]
fn a_harmless_label_next_to_the_number_wins_over_a_label_further_off() {
    assert_eq!(kinds("Phone verification failing for profile 49422482"), []);
    assert_eq!(kinds("Phone 49422482 wrong for profile 49422482"), [Kind::Phone]);
    assert_eq!(kinds("Tax ID 123456789 for transfer 58114690"), [Kind::NationalId]);
}

#[test]
fn the_forms_own_ids_are_never_found() {
    let context = PersonalDataContext {
        own_ids: &["4012888888881881", "58114690"],
        known: None,
    };
    assert_eq!(found("Phone 58114690, card 4012 8888 8888 1881", context), Vec::<&str>::new());
    assert_eq!(found("Card 4111111111111111", context), ["4111111111111111"]);
}

#[test]
fn the_customers_own_data_is_found_whatever_it_looks_like() {
    let known = KnownPersonalData {
        names: vec!["Zoë Çelik".to_owned()],
        emails: vec!["support@celik.example".to_owned()],
        phones: vec!["+49 30 901820".to_owned()],
    };
    let context = PersonalDataContext {
        own_ids: &[],
        known: Some(&known),
    };
    for (text, expected) in [
        ("payment of zoe celik", "zoe celik"),
        ("CELIK, ZOE: late", "CELIK, ZOE"),
        ("Celik transfer late", "Celik"),
        ("write to Support@Celik.Example", "Support@Celik.Example"),
        ("number 030/901820 dead", "030/901820"),
        ("number 004930901820 dead", "004930901820"),
    ] {
        assert_eq!(found(text, context), [expected], "{text}");
    }
}

#[test]
fn what_is_sure_is_certain_and_what_is_likely_is_probable() {
    let certainty = |text: &str| find_personal_data(text, PersonalDataContext::default())[0].certainty;
    assert_eq!(certainty("Refund to a@example.com"), Certainty::Certain);
    assert_eq!(certainty("IBAN GB29 NWBK 6016 1331 9268 19"), Certainty::Certain);
    assert_eq!(certainty("IBAN GB29 NWBK 6016 1331 9268 18"), Certainty::Probable);
    assert_eq!(certainty("Refund for Anna Schmidt"), Certainty::Probable);
}

#[test]
fn a_find_covers_the_value_and_not_the_words_around_it() {
    let context = PersonalDataContext::default();
    for (text, expected) in [
        ("mail: a.b@c.example, please", "a.b@c.example"),
        ("Call (784) 430-1234 now", "(784) 430-1234"),
        ("card 4111-1111-1111-1111 for 70,37 EUR", "4111-1111-1111-1111"),
        ("Payment for Lucie Hervé is late", "Lucie Hervé"),
        ("Number 12\u{200b}3 mail x@y.example", "x@y.example"),
    ] {
        assert_eq!(found(text, context), [expected], "{text}");
    }
}

fn assert_sound(text: &str) {
    let finds = find_personal_data(text, PersonalDataContext::default());
    let mut end = 0;
    for find in finds {
        assert!(find.range.start >= end && find.range.start < find.range.end, "{text:?}");
        assert!(text.get(find.range.clone()).is_some(), "{text:?} {:?}", find.range);
        end = find.range.end;
    }
}

/// What a text is made of that makes a scanner look far: where one looks as far as the text is long, this test does not end.
#[test]
fn a_long_text_of_nothing_but_one_piece_is_scanned_once() {
    for piece in [
        "a:",
        "a ",
        ": ",
        "::",
        "1.",
        "1 ",
        "12 rue ",
        "rue.",
        "Rue A, ",
        "lives at ",
        "address: ",
        "of the ",
        "#",
        "no ",
        "born ",
        "born of ",
        "tel ",
        "a@a.",
        "a.",
        "Mr ",
        "A B ",
        "sort code ",
        "20-00-00 ",
        "GB ",
        "card ",
        "account 1",
        "e-",
        "1981年",
        "客户",
        "客户王",
        "田中様",
        "김민수님",
        "고객 김",
        "id 1-",
        "po box ",
        "朝阳区1",
        "J. ",
        "FW: ",
        "customer a, ",
        "dob 3 may ",
        "passport ",
        "'a",
    ] {
        for length in [4_000, 30_000] {
            let text = piece.repeat(length / piece.len());
            assert_sound(&text);
            let _ = crate::find_secrets(&text, &[]);
        }
    }
}

proptest! {
    #[test]
    fn any_text_gives_finds_on_character_borders_that_do_not_overlap(text in any::<String>()) {
        assert_sound(&text);
    }

    #[test]
    fn texts_made_of_telling_pieces_are_sound_too(pieces in prop::collection::vec(prop::sample::select(vec![
        "+", "(", ")", "-", ".", ":", ",", "@", "/", "#", " ", "GB29", "4111", "1111", "12", "1981", "born", "tel", "card", "iban", "né le", "rue",
        "12 rue", "Mr", "Anna", "van", "身份证", "年", "0x", "\u{200b}", "é", "🙂", "transfer", "X", "lives at", "Street", "account", "sort code", "2001:", "::",
    ]), 0..24)) {
        assert_sound(&pieces.concat());
        assert_sound(&pieces.join(" "));
    }

    #[test]
    fn a_bare_number_of_up_to_thirteen_digits_is_clean(number in 0_u64..10_000_000_000_000) {
        prop_assert_eq!(kinds(&number.to_string()), []);
        prop_assert_eq!(kinds(&format!("{number} is missing")), []);
        prop_assert_eq!(kinds(&format!("Transfer {number} is missing")), []);
    }
}

#[test]
fn where_words_have_no_spaces_between_them_only_the_address_is_found() {
    for (text, expected) in [
        ("送金がalice@example.comに届きません", "alice@example.com"),
        ("고객bob.k@example.co.kr에게", "bob.k@example.co.kr"),
        ("โอนเงินไปที่som@example.co.thไม่สำเร็จ", "som@example.co.th"),
        ("客户li+1@example.cn投诉", "li+1@example.cn"),
    ] {
        assert_eq!(found(text, PersonalDataContext::default()), [expected], "{text}");
    }
}

fn known_as(name: &str) -> KnownPersonalData {
    KnownPersonalData {
        names: vec![name.to_owned()],
        ..KnownPersonalData::default()
    }
}

#[test]
fn a_known_name_is_found_inside_a_run_of_text() {
    for (name, text, expected) in [
        ("田中 太郎", "送金が田中太郎様に届きません", "田中太郎"),
        ("田中 太郎", "受取人は太郎・田中です", "太郎・田中"),
        ("王小明", "客户王小明的汇款未到账", "王小明"),
        ("김 민수", "김민수님의송금이지연되고있습니다", "김민수"),
        ("สมชาย ใจดี", "เงินของสมชาย ใจดีไม่ถึง", "สมชาย ใจดี"),
    ] {
        let known = known_as(name);
        let context = PersonalDataContext {
            known: Some(&known),
            ..PersonalDataContext::default()
        };
        let finds = find_personal_data(text, context);
        let found: Vec<_> = finds.iter().map(|find| (&text[find.range.clone()], find.certainty)).collect();
        assert_eq!(found, [(expected, Certainty::Certain)], "{text}");
    }
}

#[test]
fn a_known_name_that_is_also_a_word_asks_and_does_not_block() {
    for (name, text) in [
        ("An", "An account is blocked"),
        ("Will", "Will the transfer arrive?"),
        ("Grace", "Payment in the grace period"),
        ("Kim", "kim adlı müşteri"),
    ] {
        let known = known_as(name);
        let context = PersonalDataContext {
            known: Some(&known),
            ..PersonalDataContext::default()
        };
        let certainties: Vec<_> = find_personal_data(text, context)
            .into_iter()
            .map(|find| find.certainty)
            .collect();
        assert_eq!(certainties, [Certainty::Probable], "{text}");
    }
    let known = known_as("Wojciechowska");
    let context = PersonalDataContext {
        known: Some(&known),
        ..PersonalDataContext::default()
    };
    assert_eq!(
        find_personal_data("Refund Wojciechowska", context)[0].certainty,
        Certainty::Certain
    );
}
