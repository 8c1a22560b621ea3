//! The versions of Wise's case API.

use partner_case_core::CaseStatus;

/// An API version that Wise documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Generation {
    V1,
    Q3,
    Q4,
}

impl Generation {
    pub(crate) const ALL: [Self; 3] = [Self::V1, Self::Q3, Self::Q4];

    /// The first part of the path.
    pub(crate) const fn version(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::Q3 => "2026Q3",
            Self::Q4 => "2026Q4",
        }
    }

    /// The status of a case that Wise works on.
    pub(crate) const fn working(self) -> CaseStatus {
        match self {
            Self::V1 => CaseStatus::Open,
            Self::Q3 | Self::Q4 => CaseStatus::InReview,
        }
    }
}
