//! What happens between the forms, the proxy and Wise.

use partner_case_core::CaseStatus;
use partner_case_model::{Answer, Event, FetchOutcome, Prepared};
use wise_simulator::{FaultKind, Target};

use super::World;
use crate::network::{CallKind, Stage};
use crate::server::Release;

impl World<'_> {
    /// A call goes on by a step.
    pub(super) fn network_goes_on(&mut self, who: usize, what: usize) -> Option<String> {
        if self.calls.is_empty() {
            return None;
        }
        let at = who % self.calls.len();
        let name = format!("{} of form {}", self.calls[at].kind.name(), self.calls[at].form);
        let said = match self.calls[at].stage {
            Stage::Leaving => self.leaves(at, what),
            Stage::AtProxy(number) => self.is_at_proxy(at, number, what)?,
            Stage::Answered(_) => self.comes_back(at, what),
            Stage::GivenUp => "is past",
        };
        Some(format!("{name} {said}"))
    }

    fn leaves(&mut self, at: usize, what: usize) -> &'static str {
        if let CallKind::Prepare(ticket) = &self.calls[at].kind {
            let ticket = ticket.clone();
            let form = self.calls.remove(at).form;
            let (prepared, said) = match what % 12 {
                0 => (Prepared::Stopped, "is no"),
                1 => (Prepared::NoHeaders, "cannot be had"),
                _ => (Prepared::Send(Vec::new()), "is yes"),
            };
            if self.forms[form].is_alive {
                self.dispatch(form, Event::SendPrepared(ticket, prepared));
            }
            return said;
        }
        let (stage, said) = match what % 16 {
            0 => (
                Stage::Answered(FetchOutcome::Offline),
                "does not leave: the browser is offline",
            ),
            1 => (Stage::Answered(FetchOutcome::NoAnswer), "is lost on its way"),
            2 => (Stage::Answered(FetchOutcome::LoginRedirect), "meets a login page"),
            _ => {
                let form = self.calls[at].form;
                let agent = self.browser.tabs[self.forms[form].tab].agent;
                let request = self.calls[at].kind.request(agent);
                (Stage::AtProxy(self.server().arrive(request)), "reaches the proxy")
            }
        };
        if let (0 | 2, CallKind::Post(ticket)) = (what % 16, &self.calls[at].kind) {
            self.record.has_not_left(self.calls[at].form, ticket);
        }
        self.calls[at].stage = stage;
        said
    }

    fn is_at_proxy(&mut self, at: usize, number: usize, what: usize) -> Option<&'static str> {
        if let Some(answer) = self.server().answer(number) {
            // A call that died with its proxy has no answer.
            let outcome = answer.map_or(FetchOutcome::NoAnswer, FetchOutcome::Answered);
            self.calls[at].stage = Stage::Answered(outcome);
            return Some("is answered");
        }
        let (how, said) = match what % 4 {
            0 => (Release::LoseAnswer, "is carried out by Wise, and the answer is lost"),
            1 => (Release::Drop, "is dropped by Wise"),
            _ => (Release::Answer, "is carried out by Wise"),
        };
        self.server().release(what / 4, how).then_some(said)
    }

    fn comes_back(&mut self, at: usize, what: usize) -> &'static str {
        let call = self.calls.remove(at);
        let Stage::Answered(outcome) = call.stage else {
            return "is past";
        };
        let gateway = || {
            FetchOutcome::Answered(Answer {
                status: 502,
                body: "<html>Bad gateway</html>".to_owned(),
                ..Answer::default()
            })
        };
        let is_answer = matches!(outcome, FetchOutcome::Answered(_));
        let (outcome, said) = match what % 16 {
            0 if is_answer => (FetchOutcome::NoAnswer, "comes back without its answer"),
            1 if is_answer => (gateway(), "comes back as a gateway's page"),
            _ => (outcome, "comes back"),
        };
        if !self.forms[call.form].is_alive {
            return "comes back, and nobody is there";
        }
        let event = call.kind.ended(outcome);
        if what % 16 == 2 {
            self.dispatch(call.form, event.clone());
            self.dispatch(call.form, event);
            return "comes back twice";
        }
        self.dispatch(call.form, event);
        said
    }

    pub(super) fn wise_fails(&mut self, what: usize) -> String {
        let (on, kind) = match what % 12 {
            0 => (Target::Create, FaultKind::Unauthorized),
            1 => (Target::Create, FaultKind::Rejected),
            2 => (Target::Create, FaultKind::RateLimited { retry_after_secs: 2 }),
            3 => (Target::Create, FaultKind::ServerError { status: 503 }),
            4 => (Target::Create, FaultKind::HtmlInsteadOfJson),
            5 => (Target::Create, FaultKind::EmptyAnswer),
            6 => (Target::Create, FaultKind::HalfAnswer),
            7 => (Target::Create, FaultKind::AcceptThenDrop),
            8 => (Target::Create, FaultKind::Drop),
            9 => (Target::Token, FaultKind::Unauthorized),
            10 => (Target::Token, FaultKind::ServerError { status: 500 }),
            _ => (Target::Get, FaultKind::Drop),
        };
        self.server().fault(on, kind);
        format!("at the next {on:?}, Wise: {kind:?}")
    }

    pub(super) fn wise_holds(&mut self, who: usize, what: usize) -> Option<String> {
        let hold = what.is_multiple_of(2);
        self.server().hold(hold);
        if hold {
            return Some("Wise takes its time from now on".to_owned());
        }
        while self.server().release(who, Release::Answer) {}
        Some("Wise answers at once from now on".to_owned())
    }

    pub(super) fn webhooks_arrive(&mut self, what: usize) -> Option<String> {
        let status = [CaseStatus::Open, CaseStatus::Creating][what % 2].clone();
        let count = self.server.as_mut()?.webhooks(&status);
        (count > 0).then(|| format!("{count} webhooks arrive"))
    }

    pub(super) fn kills_proxy(&mut self, what: usize) -> Option<String> {
        self.server.as_mut()?.kill(what.is_multiple_of(2));
        Some("the proxy is killed, and started again".to_owned())
    }
}
