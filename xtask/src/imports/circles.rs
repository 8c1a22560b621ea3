//! Files that import each other, directly or over others.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::crate_files::Imports;

/// Returns a line for each circle: for each import the shortest one that it is a part of. A longer circle is left out while two of its files
/// import each other directly.
pub(super) fn circles(src: &str, imports: &Imports) -> Vec<String> {
    let mut found: BTreeMap<BTreeSet<&str>, Vec<&str>> = BTreeMap::new();
    for (from, targets) in imports {
        for to in targets.keys() {
            if let Some(mut circle) = shortest_way(imports, to, from) {
                circle.rotate_right(1);
                found.entry(circle.iter().copied().collect()).or_insert(circle);
            }
        }
    }
    let pairs: Vec<&BTreeSet<&str>> = found.keys().filter(|circle| circle.len() == 2).collect();
    let has_pair = |circle: &BTreeSet<&str>| circle.len() > 2 && pairs.iter().any(|pair| pair.is_subset(circle));
    let circles = found.iter().filter(|(files, _)| !has_pair(files));
    circles.map(|(_, circle)| line(src, imports, circle)).collect()
}

/// Returns the files on the shortest way from one to another, both among them.
fn shortest_way<'a>(imports: &'a Imports, from: &'a str, to: &'a str) -> Option<Vec<&'a str>> {
    let mut before: BTreeMap<&str, &str> = BTreeMap::from([(from, from)]);
    let mut open = VecDeque::from([from]);
    while let Some(at) = open.pop_front() {
        if at == to {
            let mut way = vec![to];
            while let Some(last) = way.last().filter(|last| **last != from) {
                way.push(before.get(last)?);
            }
            way.reverse();
            return Some(way);
        }
        for next in imports.get(at).into_iter().flat_map(BTreeMap::keys) {
            if !before.contains_key(next.as_str()) {
                before.insert(next, at);
                open.push_back(next);
            }
        }
    }
    None
}

/// Names the files of a circle and the items by which they are tied.
fn line(src: &str, imports: &Imports, circle: &[&str]) -> String {
    let names: Vec<String> = circle.iter().map(|file| format!("{src}/{file}")).collect();
    let next = circle.iter().cycle().skip(1);
    let ties: Vec<String> = circle
        .iter()
        .zip(next)
        .map(|(from, to)| {
            let items: Vec<&str> = imports[*from][*to].iter().map(String::as_str).collect();
            let of = if circle.len() > 2 {
                format!(" of {}", short(to))
            } else {
                String::new()
            };
            format!("{} takes {}{of}", short(from), items.join(" and "))
        })
        .collect();
    let (last, others) = names
        .split_last()
        .map_or(("", &[][..]), |(last, others)| (last.as_str(), others));
    let way = if circle.len() > 2 { " in a circle" } else { "" };
    format!(
        "{} and {last} import each other{way} ({})",
        others.join(", "),
        ties.join(", ")
    )
}

fn short(file: &str) -> &str {
    file.strip_suffix(".rs").unwrap_or(file)
}
