//! Drafts in the memory of the page.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::harness::{mounted, sleep};

const FIRST: &str = r#"{"draftScope":"drafts","prefill":{"userId":"1","transferId":"2"}}"#;

#[wasm_bindgen_test]
async fn a_form_that_comes_back_to_the_page_has_its_text() {
    let page = mounted(FIRST).await;
    page.type_into("Subject", "canary-subject");
    drop(page);
    let page = mounted(FIRST).await;
    page.shows("is back").await;
    sleep(20).await;
    assert_eq!(page.value("Subject"), "canary-subject");
    page.form.as_ref().unwrap().clear_draft(false).unwrap();
    drop(page);
    let page = mounted(FIRST).await;
    sleep(20).await;
    assert_eq!(page.value("Subject"), "");
}

#[wasm_bindgen_test]
async fn another_customer_finds_an_empty_form_and_the_first_finds_their_text_again() {
    let second = r#"{"draftScope":"drafts","prefill":{"userId":"3","transferId":"4"}}"#;
    let page = mounted(FIRST).await;
    page.type_into("Description", "for the first");
    page.update(second);
    sleep(20).await;
    assert_eq!(
        (page.value("User ID").as_str(), page.value("Description").as_str()),
        ("3", "")
    );
    page.update(FIRST);
    sleep(20).await;
    assert_eq!(
        (page.value("User ID").as_str(), page.value("Description").as_str()),
        ("1", "for the first")
    );
    page.form.as_ref().unwrap().clear_draft(true).unwrap();
}

#[wasm_bindgen_test]
async fn drafts_of_two_scopes_are_strangers() {
    let page = mounted(r#"{"draftScope":"agent-1","prefill":{"userId":"1"}}"#).await;
    page.type_into("Subject", "of the first");
    drop(page);
    let page = mounted(r#"{"draftScope":"agent-2","prefill":{"userId":"1"}}"#).await;
    sleep(20).await;
    assert_eq!(page.value("Subject"), "");
}
