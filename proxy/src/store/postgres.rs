//! The records in PostgreSQL, shared by several proxies. The time is the database's, so the proxies' clocks may differ.
//!
//! Every statement is unnamed and every setting belongs to its transaction, so that the store also works behind a pooler that gives each
//! transaction another connection (PgBouncer with `pool_mode = transaction`).

mod connection;
mod rows;

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use partner_case_core::Case;
use tokio::sync::OnceCell;
use tokio_postgres::types::Type;

use self::connection::{Connections, reason};
use super::keys::{KeyHistory, Keyring};
use super::record::{Digest, Millis, Record, State, Step, Verdict, rate_checked, settled_by, take};
use super::types::{Candidate, Event, FOUND_MAX, Purged, RateCheck, Settled, StoreError};

/// How long one operation may take in all, should the way to the database be cut without a word.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(8);

/// Ends an operation that takes too long. What it stored may be there or not; the rules allow for both, and a reservation that was not used is
/// released.
///
/// Its state is on the heap: it has some kilobytes, which every call would carry along whatever database there is.
pub(super) fn boxed<'a, T>(
    operation: impl Future<Output = Result<T, StoreError>> + Send + 'a,
) -> Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>> {
    Box::pin(async {
        tokio::time::timeout(OPERATION_TIMEOUT, operation)
            .await
            .unwrap_or_else(|_elapsed| Err(StoreError::unavailable("the database does not answer in time")))
    })
}

/// The store in a database.
#[derive(Debug)]
pub(crate) struct Postgres {
    connections: Connections,
    keys: Arc<Keyring>,
    /// Set once the tables are there and the keys fit.
    prepared: OnceCell<()>,
}

impl Postgres {
    /// Makes ready to connect; nothing is sent yet. `ca_file` has certificates to trust beside the system's.
    pub(super) fn new(url: &str, ca_file: Option<&Path>, keys: Arc<Keyring>) -> Result<Self, StoreError> {
        Ok(Self {
            connections: Connections::new(url, ca_file)?,
            keys,
            prepared: OnceCell::new(),
        })
    }

    pub(super) async fn reserve(
        &self,
        candidates: Vec<Candidate>,
        rate_check: RateCheck,
    ) -> Result<(Digest, Verdict), StoreError> {
        let work = self.prepared().await?.begin().await?;
        let keys: Vec<Digest> = candidates.iter().map(|candidate| candidate.key).collect();
        let fingerprints = rows::fingerprints(&work).await?;
        KeyHistory::check_running(&fingerprints, &self.keys).map_err(StoreError::WrongKey)?;
        let (records, now) = rows::lock(&work, &keys).await?;
        let (candidate, record) = Candidate::choose(candidates, records)?;
        let step = Step::Reserve(candidate.reservation);
        let (written, verdict) = rate_checked(take(record.as_ref(), step, now), rate_check);
        if let Some(record) = written {
            rows::write(&work, &candidate.key, &record).await?;
        }
        work.commit().await?;
        Ok((candidate.key, verdict))
    }

    pub(super) async fn step(&self, key: Digest, step: Step) -> Result<Verdict, StoreError> {
        let work = self.prepared().await?.begin().await?;
        let verdict = self.take_step(&work, key, step).await?;
        work.commit().await?;
        Ok(verdict)
    }

    /// Reads, decides and writes while no other proxy can do so for the same key.
    async fn take_step(&self, work: &connection::Work, key: Digest, step: Step) -> Result<Verdict, StoreError> {
        let (records, now) = rows::lock(work, &[key]).await?;
        let (written, verdict) = take(records.first().and_then(Option::as_ref), step, now);
        if let Some(record) = written {
            rows::write(work, &key, &record).await?;
        }
        Ok(verdict)
    }

    pub(super) async fn find(&self, keys: Vec<Digest>) -> Result<Option<(Record, Millis)>, StoreError> {
        let client = self.prepared().await?.client().await?;
        let query = format!(
            "SELECT {}, {} AS now FROM partner_case_submission WHERE key = ANY($1)",
            rows::COLUMNS,
            rows::NOW
        );
        let keys: Vec<&[u8]> = keys.iter().map(<[u8; 32]>::as_slice).collect();
        let found = client.query_typed(&query, &[(&keys, Type::BYTEA_ARRAY)]).await?;
        let found = found
            .first()
            .map(|row| Ok::<_, StoreError>((rows::read(row)?, row.try_get("now")?)));
        found.transpose()
    }

    pub(super) async fn settle(&self, event: Event) -> Result<Option<Settled>, StoreError> {
        let work = self.prepared().await?.begin().await?;
        let query = format!(
            "SELECT key, {} FROM partner_case_submission WHERE external_id = ANY($1)",
            rows::COLUMNS
        );
        let external_ids: Vec<&[u8]> = event.external_ids.iter().map(<[u8; 32]>::as_slice).collect();
        let found = work
            .client()?
            .query_typed(&query, &[(&external_ids, Type::BYTEA_ARRAY)])
            .await?;
        let records = found
            .iter()
            .map(|row| Ok((rows::digest(row, "key")?, rows::read(row)?)))
            .collect::<Result<Vec<_>, StoreError>>()?;
        let Some(key) = settled_by(&records, &event.case, event.created).copied() else {
            work.commit().await?;
            return Ok(None);
        };
        let verdict = self.take_step(&work, key, Step::Settle(event.case)).await?;
        work.commit().await?;
        Ok((verdict == Verdict::Done).then_some(Settled { key }))
    }

    pub(super) async fn by_transfer(&self, transfer: Digest, staff: Option<Digest>) -> Result<Vec<(Case, Millis)>, StoreError> {
        let client = self.prepared().await?.client().await?;
        let query = format!(
            "SELECT {} FROM partner_case_submission WHERE transfer = $1 AND state = $2 AND ($3 IS NULL OR staff = $3)
             ORDER BY changed DESC LIMIT {FOUND_MAX}",
            rows::COLUMNS
        );
        let staff = staff.as_ref().map(<[u8; 32]>::as_slice);
        let parameters: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 3] = [
            (&transfer.as_slice(), Type::BYTEA),
            (&State::Created.number(), Type::INT2),
            (&staff, Type::BYTEA),
        ];
        let found = client.query_typed(&query, &parameters).await?;
        let records = found.iter().map(rows::read).collect::<Result<Vec<_>, _>>()?;
        Ok(records.into_iter().filter_map(Record::into_case).collect())
    }

    pub(super) async fn has_case(&self, case: i64, staff: Option<Vec<Digest>>) -> Result<bool, StoreError> {
        let client = self.prepared().await?.client().await?;
        let query = "SELECT 1 FROM partner_case_submission WHERE case_id = $1 AND ($2 IS NULL OR staff = ANY($2)) LIMIT 1";
        let staff: Option<Vec<&[u8]>> = staff.as_ref().map(|staff| staff.iter().map(<[u8; 32]>::as_slice).collect());
        let found = client
            .query_typed_opt(query, &[(&case, Type::INT8), (&staff, Type::BYTEA_ARRAY)])
            .await?;
        Ok(found.is_some())
    }

    pub(super) async fn purge(&self, retention: Duration) -> Result<Purged, StoreError> {
        let ended = [State::Created, State::Rejected];
        let removed = self.delete_older(&ended, retention).await?;
        let client = self.prepared().await?.client().await?;
        // What was on its way when its proxy died is unknown, too, once its time is over.
        let query = format!(
            "SELECT count(*) FROM partner_case_submission WHERE state = $1 OR (state = $2 AND lease_until < {})",
            rows::NOW
        );
        let states = [State::Unknown.number(), State::Sent.number()];
        let parameters: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 2] =
            [(&states[0], Type::INT2), (&states[1], Type::INT2)];
        let unknown = client.query_typed_one(&query, &parameters).await?.try_get(0)?;
        Ok(Purged {
            removed: Some(removed),
            unknown,
        })
    }

    pub(super) async fn forget_unknown(&self, age: Duration) -> Result<u64, StoreError> {
        self.delete_older(&[State::Unknown, State::Sent], age).await
    }

    async fn delete_older(&self, states: &[State], age: Duration) -> Result<u64, StoreError> {
        let client = self.prepared().await?.client().await?;
        let query = format!(
            "DELETE FROM partner_case_submission WHERE state = ANY($1) AND changed < {now} - $2 AND lease_until < {now}",
            now = rows::NOW
        );
        let states: Vec<i16> = states.iter().map(|state| state.number()).collect();
        let age = Millis::try_from(age.as_millis()).unwrap_or(Millis::MAX);
        Ok(client
            .execute_typed(&query, &[(&states, Type::INT2_ARRAY), (&age, Type::INT8)])
            .await?)
    }

    /// Whether the database can be written to, and whether another proxy writes to it with another key.
    pub(super) async fn check(&self) -> Result<(), StoreError> {
        let work = self.prepared().await?.begin().await?;
        let query = format!(
            "INSERT INTO partner_case_health (id, checked) VALUES (1, {now}) ON CONFLICT (id) DO UPDATE SET checked = {now}",
            now = rows::NOW
        );
        work.client()?.execute_typed(&query, &[]).await?;
        let fingerprints = rows::fingerprints(&work).await?;
        work.commit().await?;
        KeyHistory::check_running(&fingerprints, &self.keys).map_err(StoreError::WrongKey)
    }

    /// The connections, once the tables are there and the keys fit.
    async fn prepared(&self) -> Result<&Connections, StoreError> {
        let prepare = || async {
            let work = self.connections.begin_alone().await?;
            rows::make_tables(&work).await?;
            let history = rows::key_history(&work).await?;
            let change = history.check(&self.keys).map_err(StoreError::WrongKey)?;
            rows::change_keys(&work, &change).await?;
            if history.has_unlabelled() {
                rows::label(&work, self.keys.current()).await?;
            }
            work.commit().await
        };
        self.prepared.get_or_try_init(prepare).await?;
        Ok(&self.connections)
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Unavailable(reason(&error))
    }
}
