//! From `MockIdp::start()` to the first discovery document.
//!
//! `cargo bench -p entra-mock-idp --profile dev --bench start` measures the debug build that users' tests get.

use std::{
    hint::black_box,
    io::{Read as _, Write as _},
    net::TcpStream,
};

use criterion::{Criterion, criterion_group, criterion_main};
use entra_mock_idp::MockIdp;

/// A client that costs nothing, so that the mock alone is measured.
fn first_discovery(idp: &MockIdp) -> bool {
    let mut stream = TcpStream::connect(idp.address()).unwrap();
    let path = format!("/{}/v2.0/.well-known/openid-configuration", idp.tenant_id());
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", idp.address()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.starts_with("HTTP/1.1 200 OK")
}

fn start(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("mock-idp");
    group.bench_function("start to first discovery", |bencher| {
        bencher.iter_with_large_drop(|| {
            let idp = MockIdp::start_blocking();
            assert!(first_discovery(&idp));
            idp
        });
    });
    let idp = MockIdp::start_blocking();
    group.bench_function("mint a token", |bencher| {
        bencher.iter(|| black_box(idp.token().user("alice").sign()));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    // Each start leaves a closed connection behind; few are enough.
    config = Criterion::default().sample_size(20).measurement_time(std::time::Duration::from_secs(2));
    targets = start
}
criterion_main!(benches);
