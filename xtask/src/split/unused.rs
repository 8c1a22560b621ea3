//! Leaving out what a library offers to JavaScript and nobody calls.

use anyhow::{Context as _, ensure};
use wasm_encoder::{CustomSection, ExportSection, Module, RawSection};
use wasmparser::{Parser, Payload};

/// The classes of `wasm-streams`. Leptos' server functions bring that crate along; the form has none, but what is exported is kept by every
/// tool.
const CLASSES: [&str; 3] = ["IntoUnderlyingByteSource", "IntoUnderlyingSink", "IntoUnderlyingSource"];

/// Whether an export belongs to one of them: a method, its descriptor, or what frees an object.
fn is_of_a_class(export: &str) -> bool {
    let name = export.trim_start_matches("__wbindgen_describe_").trim_start_matches("__wbg_");
    CLASSES.iter().any(|class| {
        name.strip_prefix(class.to_lowercase().as_str())
            .is_some_and(|rest| rest.starts_with('_'))
    })
}

/// Whether an item describes one of them: its name is there with its length before it.
fn describes_a_class(item: &[u8]) -> bool {
    CLASSES.iter().any(|class| {
        let length = u8::try_from(class.len()).unwrap_or(u8::MAX);
        let named = [&[length], class.as_bytes()].concat();
        item.windows(named.len()).any(|window| window == named)
    })
}

/// The section in which wasm-bindgen finds what is imported and exported: for each item wasm-bindgen's version and a description, each with
/// its length in four bytes before it.
const DESCRIPTIONS: &str = "__wasm_bindgen_unstable";

/// The same wasm without those classes. All sections stay in their order and place, as the relocations name them by number.
pub(super) fn left_out(wasm: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut module = Module::new();
    let mut left_out = 0;
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        match &payload {
            Payload::ExportSection(exports) => {
                let mut kept = ExportSection::new();
                for export in exports.clone() {
                    let export = export?;
                    if is_of_a_class(export.name) {
                        left_out += 1;
                    } else {
                        kept.export(export.name, export.kind.into(), export.index);
                    }
                }
                module.section(&kept);
            }
            Payload::CustomSection(section) if section.name() == DESCRIPTIONS => {
                let data = without_classes(section.data())?;
                module.section(&CustomSection {
                    name: DESCRIPTIONS.into(),
                    data: data.into(),
                });
            }
            _ => {
                if let Some((id, range)) = payload.as_section() {
                    let (start, end) = (usize::try_from(range.start)?, usize::try_from(range.end)?);
                    let data = &wasm[start..end];
                    module.section(&RawSection { id, data });
                }
            }
        }
    }
    ensure!(
        left_out > 0,
        "the wasm exports no classes of wasm-streams: what takes them out can go"
    );
    Ok(module.finish())
}

fn without_classes(mut descriptions: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut kept = Vec::with_capacity(descriptions.len());
    while !descriptions.is_empty() {
        let (_version, rest) = piece(descriptions)?;
        let (item, rest) = piece(rest)?;
        if !describes_a_class(item) {
            kept.extend_from_slice(&descriptions[..descriptions.len() - rest.len()]);
        }
        descriptions = rest;
    }
    Ok(kept)
}

/// The first piece, and what follows it.
fn piece(pieces: &[u8]) -> anyhow::Result<(&[u8], &[u8])> {
    let (length, rest) = pieces.split_first_chunk::<4>().context("a length is cut off")?;
    let length = usize::try_from(u32::from_le_bytes(*length))?;
    rest.split_at_checked(length).context("a description is cut off")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(items: &[&[u8]]) -> Vec<u8> {
        let length = |item: &[u8]| u32::try_from(item.len()).unwrap().to_le_bytes();
        items.iter().flat_map(|item| [&length(item)[..], item].concat()).collect()
    }

    #[test]
    fn classes_that_nobody_calls_are_left_out_and_the_others_stay() {
        let all = section(&[b"{}", b"\x14IntoUnderlyingSource", b"{}", b"FormHandle"]);
        assert_eq!(without_classes(&all).unwrap(), section(&[b"{}", b"FormHandle"]));
        assert!(without_classes(&all[..all.len() - 1]).is_err());
    }

    #[test]
    fn nothing_of_ours_is_taken_for_one_of_them() {
        assert!(is_of_a_class("__wbindgen_describe_intounderlyingsink_write"));
        assert!(is_of_a_class("__wbg_intounderlyingsource_free"));
        assert!(!is_of_a_class("intounderlyingsinks"));
        assert!(!is_of_a_class("formhandle_submit"));
        assert!(!describes_a_class(b"/// Not an IntoUnderlyingSink."));
    }
}
