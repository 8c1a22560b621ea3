//! Prepares what is compiled into the wasm: the English texts, those of the first paint apart from the others, and the styles.

use std::path::Path;
use std::{env, fs};

use partner_case_core::Field;

include!("src/messages/first_keys.rs");

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let source = "www/locales/en.json";
    println!("cargo::rerun-if-changed={source}");
    println!("cargo::rerun-if-changed=src/messages/first_keys.rs");
    let texts: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&fs::read_to_string(source)?)?;
    let (mut first, mut lazy) = (String::new(), String::new());
    // The loader says its own texts, when there is no form.
    for (key, text) in texts.iter().filter(|(key, _)| !key.starts_with("load.")) {
        let lines = if is_first(key) { &mut first } else { &mut lazy };
        match text {
            serde_json::Value::Object(forms) => {
                for (category, text) in forms {
                    lines.push_str(&format!("{key}#{category}\t{}\n", text.as_str().unwrap_or_default()));
                }
            }
            text => lines.push_str(&format!("{key}\t{}\n", text.as_str().unwrap_or_default())),
        }
    }
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("english_first.txt"), first)?;
    fs::write(Path::new(&out).join("english_lazy.txt"), lazy)?;
    for name in ["partner-case-form.css", "partner-case-form-lazy.css"] {
        let source = Path::new("www").join(name);
        println!("cargo::rerun-if-changed={}", source.display());
        fs::write(Path::new(&out).join(name), without_comments(&fs::read_to_string(source)?))?;
    }
    Ok(())
}

/// Styles without comments, line breaks and what surrounds them.
fn without_comments(css: &str) -> String {
    let mut code = String::new();
    for (at, piece) in css.split("/*").enumerate() {
        let after = if at == 0 {
            piece
        } else {
            piece.split_once("*/").map_or("", |(_, after)| after)
        };
        code.push_str(after);
    }
    let lines = code.lines().map(str::trim).filter(|line| !line.is_empty());
    // A value or a selector may go on in the next line.
    lines
        .map(|line| {
            if line.ends_with(['{', '}', ';', ',']) {
                line.to_owned()
            } else {
                format!("{line} ")
            }
        })
        .collect()
}

/// Whether the first paint shows a text: labels and hints of the fields, and what else `FIRST_KEYS` lists.
fn is_first(key: &str) -> bool {
    FIRST_KEYS.contains(&key)
        || key.rsplit_once('.').is_some_and(|(name, text)| {
            matches!(text, "label" | "hint") && Field::ALL.into_iter().any(|field| field.text_key() == name)
        })
}
