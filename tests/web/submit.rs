//! What is sent, and what is made of the ways in which a fetch can end.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::harness::{Fetch, js, mounted, sleep};

const CREATED: &str = r#"return new Response('{"id":9223372036854775807,"status":"CREATING","type":"GENERAL_ENQUIRY","createdAt":"2023-06-28T15:21:24.901"}', { status: 200 })"#;

/// The calls that may make a case.
fn posts(fetch: &Fetch) -> Vec<String> {
    let mut calls = fetch.calls();
    calls.retain(|call| call.contains(r#""method":"POST""#));
    calls
}

#[wasm_bindgen_test]
async fn the_request_is_as_the_contract_has_it_and_the_case_is_shown() {
    let fetch = Fetch::answering(CREATED);
    let page = mounted(r#"{"endpoint":"/base/"}"#).await;
    page.fill();
    page.submit();
    page.shows("Case created").await;
    page.shows("9223372036854775807").await;
    page.shows("28 June 2023").await;

    let calls = fetch.calls();
    assert_eq!(calls.len(), 1);
    let call: serde_json::Value = serde_json::from_str(&calls[0]).unwrap();
    assert_eq!(
        (call["url"].as_str(), call["method"].as_str()),
        (Some("/base/cases"), Some("POST"))
    );
    assert_eq!(
        call["body"],
        r#"{"type":"GENERAL_ENQUIRY","subject":"canary-subject","details":{"transferId":null,"profileId":null,"userId":1234},"description":"canary-description"}"#
    );
    assert_eq!(call["headers"]["content-type"], "application/json");
    assert_eq!(call["headers"]["x-partner-case-form"], "1");
    let key = call["headers"]["idempotency-key"].as_str().unwrap();
    assert_eq!((key.len(), &key[..1], &key[15..16], &key[37..]), (38, "\"", "4", "\""));
    assert_eq!(
        page.heard()[1],
        r#"partner-case-created {"caseId":"9223372036854775807","status":"CREATING"}"#
    );
}

/// gloo-net 0.6 panics when a fetch rejects with something that is no `Error`; pages that wrap `fetch` do that.
#[wasm_bindgen_test]
async fn a_fetch_that_rejects_with_no_error_is_an_unknown_outcome() {
    for reason in [
        "throw 'a string'",
        "throw undefined",
        "throw { code: 7 }",
        "throw new TypeError('Failed to fetch')",
    ] {
        let _fetch = Fetch::answering(reason);
        let page = mounted("{}").await;
        page.fill();
        page.submit();
        page.shows("We cannot tell whether the case was created").await;
        assert_eq!(page.value("Description"), "canary-description", "{reason}");
    }
}

#[wasm_bindgen_test]
async fn an_answer_that_breaks_off_is_an_unknown_outcome() {
    let _fetch = Fetch::answering(
        "return new Response(new ReadableStream({ start(c) { c.error(new Error('reset')); } }), { status: 200 })",
    );
    let page = mounted("{}").await;
    page.fill();
    page.submit();
    page.shows("We cannot tell whether the case was created").await;
}

/// A proxy that keeps its promise sends nothing twice under one key, so what a person sends again knowingly needs another.
#[wasm_bindgen_test]
async fn what_a_person_sends_again_knowingly_has_a_key_of_its_own() {
    let fetch = Fetch::answering("return new Response('<html>', { status: 502 })");
    let page = mounted("{}").await;
    page.fill();
    page.submit();
    page.shows("We cannot tell").await;
    // The host's own button does not send again what may be at Wise already.
    page.submit();
    sleep(20).await;
    assert_eq!(posts(&fetch).len(), 1);
    page.click("I have checked, send it again");
    while posts(&fetch).len() < 2 {
        sleep(10).await;
    }
    let keys: Vec<_> = posts(&fetch)
        .iter()
        .map(|call| serde_json::from_str::<serde_json::Value>(call).unwrap()["headers"]["idempotency-key"].clone())
        .collect();
    assert_eq!(keys.len(), 2);
    assert_ne!(keys[0], keys[1]);
}

#[wasm_bindgen_test]
async fn no_event_carries_what_a_person_typed() {
    for answer in [
        CREATED,
        "return new Response('', { status: 502 })",
        r#"return new Response('{"code":"validation_failed","outcome":"not_created","errors":[{"pointer":"/subject","code":"refused"}]}', { status: 422 })"#,
        r#"return new Response('{"code":"overloaded","outcome":"not_created"}', { status: 503 })"#,
    ] {
        let _fetch = Fetch::answering(answer);
        let page = mounted("{}").await;
        page.fill();
        page.type_into("Your reference", "canary-reference");
        page.submit();
        while page.heard().len() < 2 {
            sleep(10).await;
        }
        assert!(!page.heard().concat().contains("canary"), "{:?}", page.heard());
    }
}

#[wasm_bindgen_test]
async fn an_answer_that_arrives_after_the_form_has_gone_does_no_harm() {
    let _fetch = Fetch::answering(&format!(
        "return new Promise((resolve) => setTimeout(resolve, 300)).then(() => {{ {CREATED} }})"
    ));
    let mut page = mounted("{}").await;
    page.fill();
    page.submit();
    // On its way; a form that goes before sends nothing.
    sleep(50).await;
    page.form.take().unwrap().unmount();
    sleep(500).await;
    // The host hears of it as long as it listens.
    assert_eq!(page.heard().len(), 2);
    assert!(page.heard()[1].starts_with("partner-case-created"), "{:?}", page.heard());
    page.form = Some(partner_case_form::mount(&page.host, js("{}"), None).unwrap());
    page.shows("Create case").await;
}

#[wasm_bindgen_test]
async fn an_endpoint_that_is_no_url_is_the_portals_mistake_and_nothing_was_sent() {
    let page = mounted(r#"{"endpoint":"http://"}"#).await;
    page.fill();
    page.submit();
    page.shows("This portal is not set up correctly").await;
}

#[wasm_bindgen_test]
async fn a_case_that_wise_could_not_set_up_is_no_success() {
    let _fetch = Fetch::answering(r#"return new Response('{"id":7,"status":"FAILED"}', { status: 200 })"#);
    let page = mounted("{}").await;
    page.fill();
    page.submit();
    page.shows("Wise could not set the case up").await;
}

#[wasm_bindgen_test]
async fn a_prefilled_type_that_cannot_be_raised_does_not_trap_the_person() {
    let fetch = Fetch::answering(CREATED);
    let page = mounted(r#"{"prefill":{"type":"general_enquiry"}}"#).await;
    page.fill();
    page.submit();
    page.shows("Case created").await;
    assert!(fetch.calls()[0].contains("GENERAL_ENQUIRY"));
}
