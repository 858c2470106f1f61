//! Reading the cache of keys by one thread and by two, against the mutex that a simpler cache would have, in one run.

use std::{
    hint::black_box,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use entra_mock_idp::MockIdp;
use entra_validator::{Authority, RemoteKeySet};

/// How long this many reads take on each of the threads.
fn on_threads(threads: usize, reads: u64, read: impl Fn() -> bool + Sync) -> Duration {
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| (0..reads).for_each(|_| assert!(black_box(read()))));
        }
    });
    start.elapsed()
}

fn cached(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (remote, keys) = runtime.block_on(async {
        let idp = MockIdp::start().await;
        let remote = RemoteKeySet::new(Authority::from_url(&idp.authority()).unwrap());
        let keys = remote.get().await.unwrap();
        (remote, keys)
    });
    let locked = Mutex::new(Some((keys, Instant::now())));
    let with_mutex = || {
        let state = locked.lock().unwrap();
        let (keys, fetched) = state.as_ref().unwrap();
        let (keys, age) = (Arc::clone(keys), fetched.elapsed());
        drop(state);
        age < Duration::from_secs(3600) && !keys.is_empty()
    };
    let mut group = criterion.benchmark_group("cached keys");
    for threads in [1, 2] {
        group.throughput(Throughput::Elements(threads as u64));
        group.bench_function(BenchmarkId::new("RemoteKeySet", threads), |bencher| {
            bencher.iter_custom(|reads| {
                on_threads(threads, reads, || remote.cached().is_some_and(|keys| !keys.is_empty()))
            });
        });
        group.bench_function(BenchmarkId::new("with a mutex", threads), |bencher| {
            bencher.iter_custom(|reads| on_threads(threads, reads, with_mutex));
        });
    }
    group.finish();
}

criterion_group!(benches, cached);
criterion_main!(benches);
