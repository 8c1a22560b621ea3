//! Addresses on the internet. Private ones are no finds: they tell nobody apart outside their network.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::PersonalDataKind::Ip;
use super::label::Label;
use super::scan::Scan;
use super::token::Class;

pub(super) fn find(scan: &mut Scan<'_>) {
    for at in 0..scan.numbers.len() {
        let number = &scan.numbers[at];
        let (first, last) = (number.first, number.last);
        let octets: Option<Vec<u8>> = number
            .groups
            .iter()
            .map(|group| scan.tokens[*group].folded.parse().ok())
            .collect();
        let is_v4 = number.groups.len() == 4 && number.separators.iter().all(|separator| *separator == '.') && !number.plus;
        if let Some(&[a, b, c, d]) = octets.as_deref().filter(|_| is_v4)
            && is_public_v4(Ipv4Addr::new(a, b, c, d))
            && scan.label_before(first) != Some(Label::Version)
        {
            scan.certain(first, last, Ip);
        }
    }
    let mut at = 0;
    while at < scan.tokens.len() {
        let last = v6_end(scan, at);
        let text = &scan.text[scan.tokens[at].start..scan.tokens[last].end];
        // Two colons and no more are a time.
        if text.matches(':').count() > 2
            && text
                .parse::<Ipv6Addr>()
                .is_ok_and(|ip| !ip.is_loopback() && !ip.is_unicast_link_local() && !ip.is_unique_local())
        {
            scan.certain(at, last, Ip);
        }
        at = last + 1;
    }
}

const fn is_public_v4(ip: Ipv4Addr) -> bool {
    !(ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified() || ip.is_broadcast())
}

/// The last of the tokens that hang together as hexadecimal groups and colons.
fn v6_end(scan: &Scan<'_>, first: usize) -> usize {
    let part = |at: usize| match scan.tokens[at].class {
        Class::Mark(mark) => mark == ':',
        Class::Word | Class::Digits | Class::Mixed => {
            scan.tokens[at].folded.len() <= 4 && scan.tokens[at].folded.bytes().all(|byte| byte.is_ascii_hexdigit())
        }
    };
    if !part(first) {
        return first;
    }
    (first + 1..scan.tokens.len())
        .take_while(|at| !scan.tokens[*at].spaced && part(*at))
        .last()
        .unwrap_or(first)
}
