//! Mounting, updating and unmounting.

use partner_case_core::Field;
use partner_case_form::mount;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::harness::{js, mounted, sleep};

#[wasm_bindgen_test]
async fn the_form_is_in_an_open_shadow_root_with_an_adopted_stylesheet() {
    let page = mounted("{}").await;
    // Those of the first paint, and those of the rest.
    assert_eq!(page.root().adopted_style_sheets().length(), 2);
    assert_eq!(page.root().query_selector_all("style, [style]").unwrap().length(), 0);
    assert_eq!(page.heard(), ["partner-case-ready null"]);
}

#[wasm_bindgen_test]
async fn every_field_has_a_label_and_a_hint_that_describes_it() {
    let page = mounted("{}").await;
    let controls = page.root().query_selector_all("input, textarea, select").unwrap();
    let english: serde_json::Value = serde_json::from_str(include_str!("../../www/locales/en.json")).unwrap();
    let keys = Field::ALL.map(Field::text_key).into_iter().chain(["reason".to_owned()]);
    let labels: Vec<&str> = keys.map(|key| english[format!("{key}.label")].as_str().unwrap()).collect();
    assert_eq!(controls.length() as usize, labels.len());
    for label in labels {
        let control = page.by_label(label);
        let described_by = control.get_attribute("aria-describedby").unwrap();
        let hint = page
            .root()
            .get_element_by_id(described_by.split(' ').next().unwrap())
            .unwrap();
        assert!(!hint.text_content().unwrap().is_empty(), "{label}");
        assert_eq!(control.get_attribute("placeholder"), None, "{label}");
        assert_eq!(control.get_attribute("maxlength"), None, "{label}");
    }
}

#[wasm_bindgen_test]
async fn prefilled_ids_keep_every_digit() {
    let page = mounted(r#"{"prefill":{"userId":"9223372036854775807","subject":"s"}}"#).await;
    assert_eq!(
        (page.value("User ID").as_str(), page.value("Subject").as_str()),
        ("9223372036854775807", "s")
    );
}

#[wasm_bindgen_test]
async fn an_update_changes_what_nobody_has_typed_over() {
    let page = mounted(r#"{"draft":"none","prefill":{"userId":"1","transferId":"2"}}"#).await;
    page.type_into("Transfer ID", "77");
    page.update(r#"{"draft":"none","prefill":{"userId":"5","transferId":"6"}}"#);
    sleep(20).await;
    assert_eq!(
        (page.value("User ID").as_str(), page.value("Transfer ID").as_str()),
        ("5", "77")
    );
}

#[wasm_bindgen_test]
async fn options_of_another_shape_are_refused() {
    let page = mounted("{}").await;
    for wrong in ["7", r#"{"endpoint":7}"#, r#"{"prefill":{"userId":1234}}"#] {
        assert!(mount(&page.host, js(wrong), None).is_err(), "{wrong}");
    }
}

#[wasm_bindgen_test]
async fn two_forms_on_one_page_do_not_share_their_text() {
    let (one, two) = (mounted("{}").await, mounted("{}").await);
    one.type_into("Subject", "one");
    two.type_into("Subject", "two");
    assert_eq!((one.value("Subject").as_str(), two.value("Subject").as_str()), ("one", "two"));
}

#[wasm_bindgen_test]
async fn unmount_leaves_the_shadow_root_empty_and_ready_for_another() {
    let mut page = mounted("{}").await;
    page.form.take().unwrap().unmount();
    assert_eq!(page.root().child_element_count(), 0);
    page.form = Some(mount(&page.host, js("{}"), None).unwrap());
    assert_eq!(
        (page.root().child_element_count(), page.root().adopted_style_sheets().length()),
        (1, 2)
    );
}
