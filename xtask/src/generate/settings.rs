//! The attributes of the element that are no field of the case.

/// An attribute, its property, and what it does.
pub(super) struct Setting {
    pub(super) attribute: &'static str,
    pub(super) property: &'static str,
    /// Whether it is a text; else it is there or not.
    pub(super) is_text: bool,
    pub(super) description: &'static str,
}

const fn text(attribute: &'static str, property: &'static str, description: &'static str) -> Setting {
    Setting {
        attribute,
        property,
        is_text: true,
        description,
    }
}

/// Every setting. The loader passes them to `mount` of src/element/handle.rs under their properties' names.
pub(super) const SETTINGS: &[Setting] = &[
    text(
        "endpoint",
        "endpoint",
        "The proxy's base path, `/partner-cases` by default. The element resolves it against the page's own URL; `<base>` does not count. An http or https URL of another origin works, too. That origin gets the portal's `headers` only if script has set this property: the attribute alone does not count.",
    ),
    text(
        "locale",
        "locale",
        "The language, such as `de-AT`; by default that of the page.",
    ),
    text(
        "theme",
        "theme",
        "`light`, `dark` or `system`; by default that of the page around it, by its `color-scheme`.",
    ),
    text(
        "draft",
        "draft",
        "Where drafts are saved: `none`, `memory` (the default), `session` or `local`.",
    ),
    text(
        "draft-ttl",
        "draftTtl",
        "After how many minutes without a change a draft is deleted; 480 by default.",
    ),
    text(
        "draft-scope",
        "draftScope",
        "Separates the drafts of one agent from those of another. `session` and `local` need it.",
    ),
    text(
        "readonly",
        "readonlyFields",
        "The fields that the agent cannot change, by their attributes, such as `user-id transfer-id`. The attribute is `readonly`.",
    ),
    text(
        "hidden-fields",
        "hiddenFields",
        "The fields that are hidden, by their attributes, such as `type`.",
    ),
    Setting {
        attribute: "review",
        property: "review",
        is_text: false,
        description: "Whether the agent reviews the case before the form sends it.",
    },
];
