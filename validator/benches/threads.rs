//! How validation scales: what two threads do in the time that one does once, in one run.
//! `cargo bench -p entra-validator --all-features --bench threads`

use std::{
    sync::{Arc, Barrier},
    thread,
    time::{Duration, Instant, UNIX_EPOCH},
};

use entra_test_harness::World;
use entra_validator::{Authority, CachingValidator, KeySet, Validator};

const NOW: i64 = 1_767_225_600;
/// Long enough for a stable rate, and repeated: the best of the rounds counts, since other work only makes it worse.
const ROUND: Duration = Duration::from_millis(400);
const ROUNDS: usize = 7;

fn main() {
    let world = World::fixed(NOW, "https://login.microsoftonline.com");
    let validator = Validator::new(Authority::tenant(world.tenant_id()).unwrap(), world.audience());
    let keys = Arc::new(KeySet::from_jwks(world.key_set().to_string().as_bytes()).unwrap());
    let now = UNIX_EPOCH + Duration::from_secs(NOW.unsigned_abs());
    // Users come with tokens of their own.
    let tokens: Vec<String> = (0..500).map(|n| world.token().claim("n", n).sign()).collect();

    report("validate", &tokens, |token| validator.validate(token, &keys, now).is_ok());
    let caching = CachingValidator::new(validator.clone(), 10_000.try_into().unwrap());
    report("validate, cached", &tokens, |token| caching.validate(token, &keys, now).is_ok());
    let junk: Vec<String> =
        (0..500).map(|n| world.token().claim("n", n).header("alg", "none").sign()).collect();
    report("refused, alg none", &junk, |token| validator.validate(token, &keys, now).is_err());
}

/// Prints the rates of one thread and of two.
fn report(what: &str, tokens: &[String], judge: impl Fn(&str) -> bool + Sync) {
    let best = |threads| (0..ROUNDS).map(|_| rate(threads, tokens, &judge)).fold(0.0, f64::max);
    let (one, two) = (best(1), best(2));
    println!("{what:20} {one:>12.0} /s on one thread, {two:>12.0} /s on two: {:.2} times", two / one);
}

/// Tokens judged per second by this many threads, each with its own part of them.
fn rate(threads: usize, tokens: &[String], judge: &(impl Fn(&str) -> bool + Sync)) -> f64 {
    let barrier = Barrier::new(threads);
    let counts: Vec<f64> = thread::scope(|scope| {
        let workers = tokens.chunks(tokens.len() / threads).take(threads).map(|part| {
            let barrier = &barrier;
            scope.spawn(move || {
                assert!(part.iter().all(|token| judge(token)), "every token ends alike");
                barrier.wait();
                let (start, mut count) = (Instant::now(), 0.0);
                while start.elapsed() < ROUND {
                    for token in part {
                        assert!(judge(token));
                    }
                    count += f64::from(u32::try_from(part.len()).unwrap_or(u32::MAX));
                }
                count / start.elapsed().as_secs_f64()
            })
        });
        let workers: Vec<_> = workers.collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    counts.iter().sum()
}
