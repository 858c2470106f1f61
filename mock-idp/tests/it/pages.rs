//! The pages that people see, without a browser: where they come from, and what they may do.

use crate::support::{Fixture, user_mut};

#[tokio::test]
async fn the_page_holds_no_data_and_may_run_nothing_but_its_own_script() {
    let fixture = Fixture::start();
    let page = fixture.get("/").await;
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    for part in [
        "default-src 'none'",
        "script-src 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe"));
    let text = page.text().await.unwrap();
    assert!(text.contains("Test only") && text.contains("class=\"skip\""));
    assert!(!text.contains("secret-for-tests-only") && !text.contains("password-for-tests-only"));
}

/// What a script imports, by the paths of the scripts.
fn imports<'a>(name: &str, script: &'a str) -> impl Iterator<Item = String> + use<'a> {
    let folder = name.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let quoted =
        script.lines().filter(|line| line.starts_with("import ")).filter_map(|line| line.split('"').nth(1));
    quoted.map(move |path| format!("{folder}{}", path.strip_prefix("./").expect("an import of a neighbour")))
}

#[tokio::test]
async fn everything_that_a_page_needs_is_served_here_and_is_not_recorded() {
    let fixture = Fixture::start();
    let home = fixture.get("/").await.text().await.unwrap();
    assert!(home.contains(r#"<script src="/assets/page/start.js" type="module">"#));
    let mut wanted: Vec<String> =
        ["page/start.js", "continue.js", "style.css", "icon.svg"].map(str::to_owned).into();
    let mut served = Vec::new();
    while let Some(name) = wanted.pop() {
        let kind = match name.rsplit_once('.').unwrap().1 {
            "js" => "text/javascript",
            "css" => "text/css",
            _ => "image/svg+xml",
        };
        let asset = fixture.get(&format!("/assets/{name}")).await;
        assert_eq!(
            (asset.status().as_u16(), &asset.headers()["x-content-type-options"]),
            (200, &"nosniff".parse().unwrap()),
            "{name}"
        );
        assert!(asset.headers()["content-type"].to_str().unwrap().starts_with(kind));
        let text = asset.text().await.unwrap();
        assert!(
            !text.contains("//cdn.") && !text.contains("innerHTML") && !text.contains("url(http"),
            "{name}"
        );
        let new = imports(&name, &text).filter(|import| !served.contains(import) && !wanted.contains(import));
        let new: Vec<_> = new.collect();
        served.push(name);
        wanted.extend(new);
    }
    let scripts = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/page")).unwrap().count();
    assert_eq!(served.iter().filter(|name| name.starts_with("page/")).count(), scripts, "{served:?}");
    assert_eq!(fixture.get("/assets/nothing").await.status(), 404);
    assert_eq!(fixture.idp.requests().count(), 0);
}

#[tokio::test]
async fn no_page_has_inline_scripts_and_pages_with_a_decision_cannot_be_framed() {
    let fixture = Fixture::with(|directory| {
        user_mut(directory, "bob").given_name = "<script>alert(1)</script>".to_owned();
    });
    let tenant = fixture.idp.tenant_id();
    let alice = fixture.idp.directory().user("alice").unwrap().oid.clone();
    for (response, framed) in [
        (fixture.authorize(&[("login_hint", "")]).await, false),
        (fixture.click(&[("prompt", "consent"), ("login_hint", "")], ("mock_user", &alice)).await, false),
        (fixture.authorize(&[("client_id", "")]).await, false),
        (fixture.authorize(&[("response_mode", "form_post")]).await, true),
        (fixture.get(&format!("/{tenant}/oauth2/v2.0/devicelogin")).await, false),
        (fixture.get(&format!("/{tenant}/oauth2/v2.0/logout")).await, true),
    ] {
        let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert_eq!(policy.contains("frame-ancestors 'none'"), !framed, "{policy}");
        assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
        let text = response.text().await.unwrap();
        assert!(text.contains("Test only. ") || text.contains("Test only.</strong>"));
        assert!(!text.contains("<script>") && !text.contains(" onclick="), "{text}");
    }
}

#[tokio::test]
async fn no_cache_keeps_a_page_that_holds_a_code_or_what_an_application_sent() {
    let fixture = Fixture::start();
    for changes in [("response_mode", "form_post"), ("login_hint", ""), ("client_id", "")] {
        let response = fixture.authorize(&[changes]).await;
        assert_eq!(response.headers()["cache-control"], "no-store", "{changes:?}");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff", "{changes:?}");
    }
    assert_eq!(fixture.authorize(&[]).await.headers()["cache-control"], "no-store");
}

#[tokio::test]
async fn no_other_sites_page_can_use_the_control_surface_or_what_is_absent() {
    let fixture = Fixture::start();
    for path in ["/_mock/health", "/_mock/directory", "/_mock/nothing", "/nothing", "/_mock/requests?x=1"] {
        let headers = fixture.get(path).await.headers().clone();
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["cross-origin-resource-policy"], "same-origin", "{path}");
    }
}
