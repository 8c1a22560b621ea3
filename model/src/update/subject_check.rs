//! Looking for personal data in the subject, and what the agent decides about it.

use partner_case_core::{Certainty, Field, PersonalDataFinding};

use super::step::Step;

impl Step<'_> {
    /// Looks for personal data in the subject. Cheap enough for every keystroke.
    pub(crate) fn check_subject(&mut self) {
        let model = &mut *self.model;
        let mut findings = model.input.personal_data_in_subject(Some(&model.options.known_personal_data));
        let (subject, dismissed) = (&model.input[Field::Subject], &model.subject_check.dismissed);
        findings.retain(|finding| {
            let value = subject.get(finding.range.clone()).unwrap_or_default();
            finding.certainty == Certainty::Certain || !dismissed.iter().any(|dismissed| dismissed == value)
        });
        model.subject_check.findings = findings;
    }

    /// Moves a finding to the end of the description, as a line that names its kind, and leaves a neutral word in its place.
    pub(crate) fn move_finding(&mut self, finding: &PersonalDataFinding) {
        if !self.model.subject_check.findings.contains(finding) {
            return;
        }
        let (range, subject) = (finding.range.clone(), &self.model.input[Field::Subject]);
        let Some(((before, value), after)) = subject
            .get(..range.start)
            .zip(subject.get(range.clone()))
            .zip(subject.get(range.end..))
        else {
            return;
        };
        let words = self.env.words();
        let line = words.moved_line(finding.kind, value);
        let subject = [before, &words.neutral_word(finding.kind), after].concat();
        let description = &self.model.input[Field::Description];
        let gap = match description.trim_end_matches(' ') {
            "" => "",
            text if text.ends_with('\n') => "",
            _ => "\n",
        };
        let description = [description, gap, &line].concat();
        self.set_text(Field::Description, &description);
        self.set_text(Field::Subject, &subject);
        self.look_again();
        self.finding_resolved(Field::Subject, self.model.subject_check.error().as_ref());
    }

    /// Takes the agent's word that a probable finding is no personal data.
    pub(crate) fn dismiss_finding(&mut self, finding: &PersonalDataFinding) {
        if !self.model.subject_check.findings.contains(finding) {
            return;
        }
        if let Some(value) = self.model.input[Field::Subject].get(finding.range.clone()) {
            let value = value.to_owned();
            self.model.subject_check.dismissed.push(value);
        }
        self.check_subject();
        self.finding_resolved(Field::Subject, self.model.subject_check.error().as_ref());
    }
}
