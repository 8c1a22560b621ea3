//! Agents who are known by a token of the portal's single sign-on: which tokens let in.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::json;

use crate::sign_on::{Key, SignOn, bearer, create, good, now, reads, start, with};

#[tokio::test]
async fn a_good_token_lets_in_and_every_other_does_not() {
    let (sign_on, key, stranger) = (SignOn::default(), Key::new("k1"), Key::new("k1"));
    sign_on.publish(&[&key]);
    let harness = start(&sign_on, "").await;
    assert_eq!(bearer(&harness, &key.sign(&good())).await, 200);
    for kind in ["at+jwt", "application/at+jwt", "application/jwt"] {
        assert_eq!(
            bearer(&harness, &key.sign_as(&json!({ "typ": kind }), &good())).await,
            200,
            "{kind}"
        );
    }
    // Within the clocks' leeway of 30 s.
    assert_eq!(
        bearer(&harness, &key.sign(&with(|claims| claims["exp"] = (now() - 10).into()))).await,
        200
    );
    let wrong: [(&str, String); 17] = [
        ("ended", key.sign(&with(|claims| claims["exp"] = (now() - 60).into()))),
        ("not yet", key.sign(&with(|claims| claims["nbf"] = (now() + 60).into()))),
        (
            "another issuer",
            key.sign(&with(|claims| claims["iss"] = "https://evil.example".into())),
        ),
        ("another audience", key.sign(&with(|claims| claims["aud"] = "other".into()))),
        (
            "no end",
            key.sign(&with(|claims| {
                drop(claims.as_object_mut().map(|claims| claims.remove("exp")))
            })),
        ),
        ("nobody", key.sign(&with(|claims| claims["sub"] = " ".into()))),
        ("a number", key.sign(&with(|claims| claims["sub"] = 7.into()))),
        ("a line break", key.sign(&with(|claims| claims["sub"] = "a\nb".into()))),
        ("a stranger's signature", stranger.sign(&good())),
        (
            "no signature",
            format!("{}.", key.sign(&good()).rsplit_once('.').expect("a token").0),
        ),
        ("no token", "x".to_owned()),
        (
            "not yet, as text",
            key.sign(&with(|claims| claims["nbf"] = "9999999999".into())),
        ),
        ("a logout", key.sign_as(&json!({ "typ": "logout+jwt" }), &good())),
        (
            "an extension that must be understood",
            key.sign_as(&json!({ "crit": ["exp"], "exp": 1 }), &good()),
        ),
        (
            "an agent with a zero-width space",
            key.sign(&with(|claims| claims["sub"] = "agent\u{200b}-7".into())),
        ),
        (
            "an agent with a space at the end",
            key.sign(&with(|claims| claims["sub"] = "agent-7 ".into())),
        ),
        ("a kind that is no text", key.sign_as(&json!({ "typ": 7 }), &good())),
    ];
    for (name, token) in wrong {
        assert_eq!(bearer(&harness, &token).await, 401, "{name}");
    }
    assert_eq!(create(&harness, "x-staff-id", "agent-7").await.code(), "unauthenticated");
}

/// A token says itself how it is signed; it must not be believed that "none" or a shared secret will do.
#[tokio::test]
async fn a_token_does_not_choose_its_algorithm() {
    let (sign_on, key) = (SignOn::default(), Key::new("k1"));
    sign_on.publish(&[&key]);
    let harness = start(&sign_on, "").await;
    let claims = URL_SAFE_NO_PAD.encode(good().to_string());
    let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","kid":"k1"}"#);
    assert_eq!(bearer(&harness, &format!("{none}.{claims}.")).await, 401);
    let public = key.jwk()["x"].as_str().expect("x").to_owned();
    let header = Header {
        kid: Some("k1".to_owned()),
        ..Header::new(Algorithm::HS256)
    };
    let forged = jsonwebtoken::encode(&header, &good(), &EncodingKey::from_secret(public.as_bytes())).expect("a token");
    assert_eq!(bearer(&harness, &forged).await, 401);
}

#[tokio::test]
async fn the_token_may_be_in_a_cookie_of_the_portals() {
    let (sign_on, key) = (SignOn::default(), Key::new("k1"));
    sign_on.publish(&[&key]);
    let harness = start(&sign_on, "cookie = \"portal\"").await;
    let token = key.sign(&good());
    let cookie = format!("theme=dark; portal={token}; other=1");
    assert_eq!(create(&harness, "cookie", &cookie).await.status.as_u16(), 200);
    let twice = format!("portal=x; portal={token}");
    assert_eq!(create(&harness, "cookie", &twice).await.status.as_u16(), 401);
    assert_eq!(bearer(&harness, &token).await, 401);
}

/// RFC 9110 section 11.1: the name of a scheme is the same in any letter case.
#[tokio::test]
async fn a_bearer_token_is_accepted_in_any_letter_case_of_the_scheme() {
    let (sign_on, key) = (SignOn::default(), Key::new("k1"));
    sign_on.publish(&[&key]);
    let harness = start(&sign_on, "").await;
    let token = key.sign(&good());
    for (credentials, status) in [
        (format!("bearer {token}"), 200),
        (format!("BEARER {token}"), 200),
        (format!("bEaReR  {token}"), 200),
        (format!("Basic {token}"), 401),
        (format!("Bearer{token}"), 401),
        (format!("Bearer\t{token}"), 401),
        (format!("Bearer {token} {token}"), 401),
        (token, 401),
    ] {
        let answer = create(&harness, "authorization", &credentials).await;
        assert_eq!(
            answer.status.as_u16(),
            status,
            "{}",
            credentials.split('.').next().unwrap_or_default()
        );
    }
}

/// Headers carry ASCII only, so an ID with other letters comes by token.
#[tokio::test]
async fn an_agent_whose_id_has_a_space_or_an_umlaut_can_sign_in() {
    let (sign_on, key) = (SignOn::default(), Key::new("k1"));
    sign_on.publish(&[&key]);
    let harness = start(&sign_on, "").await;
    for id in ["agent 7", "Ägent-7"] {
        let token = key.sign(&with(|claims| claims["sub"] = id.into()));
        assert_eq!(reads(&harness, &token).await, 200, "{id}");
    }
}
