//! The ways in which people write labels, numbers of states, dates, names and addresses.

use super::PersonalDataKind as Kind;
use super::tests::kinds;

#[test]
fn a_label_may_be_followed_by_a_hash_or_a_word_for_a_number() {
    for (text, expected) in [
        ("Passport # K0123456 unreadable", Kind::Passport),
        ("Tel. no.: 030 1234567 falsch", Kind::Phone),
        ("CPF# 390.533.447-05 divergente", Kind::NationalId),
        ("account # 5567781234 closed", Kind::BankAccount),
    ] {
        assert_eq!(kinds(text), [expected], "{text}");
    }
    for text in [
        "Transfer # 58114690",
        "passport mismatch, ticket # 58114690",
        "#58114690 is late",
        "Case No. 8811469",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
}

#[test]
fn next_to_a_word_for_a_document_the_form_of_the_number_decides() {
    for text in [
        "ID 402-2233445-6 does not match",
        "Documento 30.123.456 no coincide",
        "document no. 8-1234-56789-01-2 unclear",
        "id 44051401359 rejected",
        "Doc: A1234567 expired",
        "ID card L01X00T47",
        "证件号A123456(3)有误",
        "KYC: GHA-712345678-9",
        "Nachweis 12/OUKAMA(N)123456",
    ] {
        assert_eq!(kinds(text), [Kind::NationalId], "{text}");
    }
    for text in [
        "id 58114690 is late",
        "document 2 of 3 missing",
        "doc no INV-2024-0045",
        "ID verification step 4 fails",
        "document uploaded 2026-03-04",
        "id 12345678901 unknown",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
}

#[test]
fn a_date_of_an_event_beside_a_word_for_birth_is_none_of_birth() {
    for text in [
        "DOB check failed on 2026-03-04",
        "Geburtsdatum geprüft am 3. März 2026",
        "date of birth change rejected, 12 March 2025",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
    for text in [
        "DOB corrected to 3 May 1985",
        "date of birth on file: 1985-05-03",
        "วันเกิด 25/8/2518",
    ] {
        assert_eq!(kinds(text), [Kind::DateOfBirth], "{text}");
    }
}

#[test]
fn names_are_found_in_the_ways_in_which_people_write_them() {
    for text in [
        "FW: Imre Szalai-Kovats // transfer 58114690",
        "beneficiary Okonkwo-Hale, Tobias unknown",
        "customer van der Linde, P. is locked out",
        "client J. R. Abernathy",
        "cliente TVEITEN Solvor sin tarjeta",
        "sender maria quispe wants a recall",
        "user a. mbekele cannot log in",
        "客户王雨桐投诉手续费",
        "早乙女健一様 ログインできない",
        "고객 김민준 인증 실패",
        "陈晓燕女士无法登录",
    ] {
        assert_eq!(kinds(text), [Kind::Name], "{text}");
    }
    for text in [
        "Customer Due Diligence overdue",
        "customer Support Team",
        "Payment to Hugo Boss refused",
        "příjemce Škoda Auto a.s.",
        "FW: Weekly Report",
        "收款人 华为技术有限公司",
        "고객 이메일 변경",
        "仕様変更のお知らせ",
        "お客様 返信なし",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
}

#[test]
fn a_post_box_and_a_postcode_with_its_town_are_addresses() {
    for text in [
        "P.O. Box 24018, Dar es Salaam",
        "private bag X70, sandton",
        "billing address 80676 münchen wrong",
        "送付先 渋谷区神南1-2-3",
        "moved to Apartado de correos 720, 28081 Madrid",
    ] {
        assert_eq!(kinds(text), [Kind::Address], "{text}");
    }
    assert_eq!(kinds("address change 58114690 pending"), []);
}
