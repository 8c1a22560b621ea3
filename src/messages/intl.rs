//! Numbers, plurals and times as the reader's language has them, by the browser's own `Intl`.

#[cfg(target_arch = "wasm32")]
pub(crate) use self::browser::{moment, number, plural_category, timestamp};
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use self::plain::{moment, number, plural_category, timestamp};

#[cfg(target_arch = "wasm32")]
mod browser {
    use std::cell::RefCell;

    use partner_case_core::Timestamp;
    use wasm_bindgen::JsValue;
    use web_sys::js_sys::Intl::PluralRules;
    use web_sys::js_sys::{Array, Date, Number, Object, Reflect};

    // A locale that the browser does not know must not take the form down: the loader hands on only what `Intl` accepts.

    /// A number with its separators.
    pub(crate) fn number(locale: &str, number: usize) -> String {
        Number::from(as_float(number)).to_locale_string(locale).into()
    }

    thread_local! {
        /// The rules that were asked for last, and their locale. Making them takes long beside asking them, and near the limit they are
        /// asked at every key.
        static RULES: RefCell<Option<(String, PluralRules)>> = const { RefCell::new(None) };
    }

    /// The plural category of a number, by its name in Unicode's CLDR.
    pub(crate) fn plural_category(locale: &str, number: usize) -> String {
        RULES.with_borrow_mut(|last| {
            if last.as_ref().is_none_or(|(known, _)| known != locale) {
                let rules = PluralRules::new(&Array::of1(&locale.into()), &Object::new());
                *last = Some((locale.to_owned(), rules));
            }
            last.as_ref()
                .map_or_else(|| "other".to_owned(), |(_, rules)| rules.select(as_float(number)).into())
        })
    }

    /// A time of Wise's with its zone; one of an unknown shape as it is.
    pub(crate) fn timestamp(locale: &str, time: &Timestamp) -> String {
        let Some(rfc3339) = time.to_rfc3339() else {
            return time.as_str().to_owned();
        };
        written(locale, &rfc3339.into(), &[("dateStyle", "long"), ("timeStyle", "long")])
    }

    /// A time in milliseconds since 1970: that of today without its day.
    pub(crate) fn moment(locale: &str, millis: u64) -> String {
        #[expect(clippy::cast_precision_loss, reason = "exact for the next 280,000 years")]
        let time: JsValue = (millis as f64).into();
        let is_today = Date::new(&time).to_date_string() == Date::new_0().to_date_string();
        let styles = [("timeStyle", "short"), ("dateStyle", "medium")];
        written(locale, &time, if is_today { &styles[..1] } else { &styles })
    }

    fn written(locale: &str, time: &JsValue, styles: &[(&str, &str)]) -> String {
        let options = Object::new();
        for (name, value) in styles {
            // Setting a property of a plain object cannot fail.
            let _ = Reflect::set(&options, &(*name).into(), &(*value).into());
        }
        Date::new(time).to_locale_string(locale, &options).into()
    }

    #[expect(clippy::cast_precision_loss, reason = "a count of characters or seconds is far below 2^53")]
    const fn as_float(number: usize) -> f64 {
        number as f64
    }
}

/// What native tests run on, where there is no `Intl`: English without separators.
#[cfg(not(target_arch = "wasm32"))]
mod plain {
    use partner_case_core::Timestamp;

    pub(crate) fn number(_locale: &str, number: usize) -> String {
        number.to_string()
    }

    pub(crate) fn plural_category(_locale: &str, number: usize) -> String {
        if number == 1 { "one" } else { "other" }.to_owned()
    }

    pub(crate) fn timestamp(_locale: &str, time: &Timestamp) -> String {
        time.as_str().to_owned()
    }

    pub(crate) fn moment(_locale: &str, millis: u64) -> String {
        millis.to_string()
    }
}
