//! Checks a case, asks whether the agent may raise it, and sends it to Wise. The JSON call and the plain form both end here.

use std::time::Instant;

use partner_case_core::{Case, CaseInput, Field, NewCase, Problem, ProblemCode};
use tokio::runtime::RuntimeFlavor;
use tracing::Instrument as _;

use crate::App;
use crate::audit::Entry;
use crate::request_id::RequestId;
use crate::staff::StaffId;
use crate::store::SendMode;
use crate::submissions::{NotReserved, SubmissionKey, certain, for_the_staff};

/// From how many bytes on a subject is checked where it keeps nobody else waiting. People write a tenth of it; checking this much takes
/// less than a millisecond.
const LONG_SUBJECT_BYTES: usize = 2_000;

/// Checks a draft with the rules that the browser used.
pub(super) fn valid(draft: &CaseInput) -> Result<NewCase, Problem> {
    let check = || draft.validate();
    let checked = if draft[Field::Subject].len() < LONG_SUBJECT_BYTES {
        check()
    } else {
        on_a_thread_of_its_own(check)
    };
    checked.map_err(|errors| Problem::new(ProblemCode::ValidationFailed).with_errors(errors.to_problems()))
}

/// Does what may take long, while the other tasks of this thread go on elsewhere.
fn on_a_thread_of_its_own<T>(work: impl FnOnce() -> T) -> T {
    match tokio::runtime::Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        // A runtime of one thread, as in tests, has no other to go on with.
        _ => work(),
    }
}

/// Asks the partner's own service whether the agent may raise the case.
pub(super) async fn authorize(app: &App, request_id: &RequestId, staff: &StaffId, case: &NewCase) -> Result<(), Problem> {
    let decided = app.authorizer.check(staff, case).await;
    decided.inspect_err(|problem| app.audit.note(Entry::refused(request_id, staff, problem.code)))
}

/// Sends a case to Wise, unless its key has an answer already.
pub(super) async fn submit(
    app: &App,
    request_id: RequestId,
    staff: StaffId,
    key: SubmissionKey,
    case: NewCase,
) -> Result<Case, Problem> {
    // A task of its own: a browser that goes away must not break off a call that Wise may already be carrying out, nor what is being stored of
    // it.
    let submission = run(app.clone(), request_id, staff, key, case);
    let outcome = app.calls.spawn(submission.in_current_span()).await;
    outcome.unwrap_or_else(|_panic| Err(Problem::new(ProblemCode::Internal)))
}

async fn run(app: App, request_id: RequestId, staff: StaffId, key: SubmissionKey, mut case: NewCase) -> Result<Case, Problem> {
    // With a token in the cache the case leaves as soon as it is stored, so that it is stored once and not twice.
    let token = app.upstream.cached_token();
    let mode = if token.is_some() {
        SendMode::Immediate
    } else {
        SendMode::AfterToken
    };
    let (limiter, agent) = (app.limiter.clone(), staff.clone());
    let rate_check = Box::new(move || limiter.admit(&agent));
    let ticket = match app.submissions.reserve(&key, &staff, &mut case, mode, rate_check).await {
        Ok(ticket) => ticket,
        Err(instead) => {
            return match *instead {
                NotReserved::Answer(answer) => {
                    if let Some(entry) = Entry::repeated(&request_id, &staff, &answer) {
                        app.audit.note(entry);
                    }
                    answer
                }
                NotReserved::NotStored { tickets, problem } => {
                    app.audit.note(Entry::refused(&request_id, &staff, problem.code));
                    let (submissions, problem_of_key) = (app.submissions.clone(), problem.clone());
                    app.calls
                        .spawn(async move { submissions.release(tickets, problem_of_key).await });
                    Err(problem)
                }
            };
        }
    };
    let started = Instant::now();
    let leaving = async {
        if mode == SendMode::AfterToken {
            app.submissions.sending(ticket).await?;
        }
        app.audit.write(Entry::sending(&request_id, &ticket, &staff)).await
    };
    let correlation_id = ticket.uuid.to_string();
    let outcome = app
        .upstream
        .create_case(&case, &correlation_id, token, leaving)
        .await
        .map_err(certain);
    // Before it is stored: a proxy that is killed in between has it as unknown, and the trail has more than the store.
    app.audit.note(Entry::outcome(&request_id, &ticket, &staff, &outcome));
    if let Err(answer) = app.submissions.end(ticket, &outcome).await {
        let submissions = app.submissions.clone();
        app.calls
            .spawn(async move { submissions.store_end(ticket, answer, false).await });
    }
    app.metrics.submission(&outcome, started.elapsed());
    outcome.map(for_the_staff)
}
