//! What the API refuses and how, and the headers of every answer.

use poem::http::Method;

use super::{BASE, data, get, problem, search, send, slugs};
use crate::harness::TestApp;

#[tokio::test]
async fn strange_questions_get_normal_answers() {
    let app = TestApp::library().await;
    let long = "zorg ".repeat(2_000);
    let letters = "é".repeat(3_000);
    for q in [
        "",
        " ",
        "\0\u{1}\u{7f}",
        "a\r\nSet-Cookie: x=1",
        "\u{202e}gorz",
        "' OR 1=1 --",
        "\"",
        "\"onaf",
        "a AND (b OR",
        "*:*",
        "title:x^9~3",
        "[a TO b]",
        "<script>alert(1)</script>",
        "%",
        "%00",
        "../../etc/passwd",
        "{{7*7}}",
        "👩‍⚕️ 🏥",
        "\\",
        "-verzuim",
        "+",
        long.as_str(),
        letters.as_str(),
    ] {
        for path in [search(&[("q", q)]), search(&[("q", q)]).replace("documenten", "suggesties")] {
            let answer = get(&app, &path).await;
            assert_eq!(answer.status, 200, "{path:?}: {}", answer.text);
            assert!(!answer.text.contains("<script"));
            answer.json();
        }
    }
    // Bytes that are no text, and an empty value, which a form sends for a choice that was not made.
    for raw in ["q=%ff%fe", "q=%", "q", "thema=", "soort=&soort=&q=", "&&&", ""] {
        assert_eq!(get(&app, &format!("/documenten?{raw}")).await.status, 200, "{raw}");
    }
}

#[tokio::test]
async fn all_faults_of_a_question_come_at_once() {
    let app = TestApp::library().await;
    let query = "q=a&q=b&soort=boek&thema=bestaat-niet&organisatie=nergens&sorteer=raar&pagina=0&perPagina=101&jaar=24\
                 &onbekend=1&Thema=x&sector=zzp&fase=nooit&regio=maan&programma=geen&bouwsteen=lego";
    let faults = problem(&get(&app, &format!("/documenten?{query}")).await, 400);
    let faults: Vec<&str> = faults["fouten"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    assert_eq!(faults.len(), 15, "{faults:#?}");
    for word in [
        "\"q\"",
        "boek",
        "bestaat-niet",
        "nergens",
        "raar",
        "pagina \"0\"",
        "101",
        "24",
        "onbekend",
        "Thema",
        "zzp",
        "nooit",
        "maan",
        "geen",
        "lego",
    ] {
        assert!(faults.iter().any(|it| it.contains(word)), "{word}: {faults:#?}");
    }
    for (query, word) in [
        ("pagina=99999999999999999999", "pagina"),
        ("pagina=-1", "pagina"),
        ("pagina=1e3", "pagina"),
        ("pagina=101&perPagina=100", "10000"),
        ("organisatie=heemzorg:baas", "trekker"),
        ("organisatie=:trekker", "organisatie"),
        ("facet=soort", "soort"),
    ] {
        let problem = problem(&get(&app, &format!("/documenten?{query}")).await, 400);
        assert!(problem["fouten"][0].as_str().unwrap().contains(word), "{query}: {problem}");
    }
    let many: String = (0..41).map(|it| format!("jaar={}&", 2000 + it)).collect();
    assert_eq!(problem(&get(&app, &format!("/documenten?{many}")).await, 400)["fouten"].as_array().unwrap().len(), 1);
}

/// One address of every operation, with a slug that exists.
async fn addresses(app: &TestApp) -> Vec<String> {
    let mut res = vec!["/documenten".to_owned(), "/suggesties".to_owned()];
    res.push(format!("/documenten/{}", slugs(&data(app, "/documenten").await["documenten"])[0]));
    for list in ["themas", "organisaties", "netwerken", "regios", "programmas"] {
        let first = data(app, &format!("/{list}")).await;
        res.push(format!("/{list}"));
        res.push(format!("/{list}/{}", slugs(&first[list])[0]));
    }
    res
}

#[tokio::test]
async fn every_address_refuses_what_it_does_not_know() {
    let app = TestApp::library().await;
    for path in addresses(&app).await {
        let problem_ = problem(&get(&app, &format!("{path}?utm_source=x&y=1")).await, 400);
        assert_eq!(problem_["fouten"].as_array().unwrap().len(), 2, "{path}");
        problem(&get(&app, &format!("{path}/")).await, 404);
        problem(&get(&app, &format!("{path}.json")).await, 404);
        problem(&get(&app, &format!("{path}/a/b")).await, 404);
    }
    problem(&get(&app, "/openapi.json?x=1").await, 400);
    for list in ["documenten", "themas", "organisaties", "netwerken", "regios", "programmas"] {
        for slug in ["bestaat-niet", "%00", "%ff", "..%2f..%2fetc", "A", "%27%20OR%201=1", "%20"] {
            let answer = get(&app, &format!("/{list}/{slug}")).await;
            assert!([400, 404].contains(&answer.status.as_u16()), "{list}/{slug}: {}", answer.status);
            problem(&answer, answer.status.as_u16());
        }
    }
    for path in ["/api", "/api/", "/api/v1", "/api/v1/", "/api/v2/themas", "/api/v1/boeken", "/api/docs/", "/api/x"] {
        problem(&send(&app, Method::GET, path).await, 404);
    }
}

#[tokio::test]
async fn every_answer_has_its_headers() {
    let app = TestApp::library().await;
    let mut paths = addresses(&app).await;
    paths.push("/openapi.json".into());
    for path in &paths {
        let answer = get(&app, path).await;
        assert_eq!(answer.header("api-version"), "1.0.0", "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert_eq!(answer.header("cache-control"), "no-cache", "{path}");
        assert_eq!(answer.header("content-type"), "application/json; charset=utf-8", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(answer.header("access-control-expose-headers").contains("API-Version"));

        let head = send(&app, Method::HEAD, &format!("{BASE}{path}")).await;
        assert_eq!((head.status.as_u16(), head.text.as_str()), (200, ""), "{path}");
        assert_eq!(head.header("api-version"), "1.0.0");
        assert_eq!(head.header("content-type"), answer.header("content-type"));

        let options = send(&app, Method::OPTIONS, &format!("{BASE}{path}")).await;
        assert_eq!((options.status.as_u16(), options.text.as_str()), (204, ""), "{path}");
        let bare = path.split('?').next().unwrap();
        let allowed = match bare.split('/').collect::<Vec<_>>()[..] {
            ["", "documenten"] => "GET, HEAD, POST, OPTIONS",
            ["", "documenten", _] => "GET, HEAD, PUT, OPTIONS",
            _ => "GET, HEAD, OPTIONS",
        };
        for (name, value) in [
            ("allow", allowed),
            ("access-control-allow-methods", allowed),
            ("access-control-allow-origin", "*"),
            ("access-control-allow-headers", "*"),
            ("api-version", "1.0.0"),
        ] {
            assert_eq!(options.header(name), value, "{path}");
        }

        let refused = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
        for method in refused.into_iter().filter(|it| !allowed.contains(it.as_str())) {
            let answer = send(&app, method, &format!("{BASE}{path}")).await;
            problem(&answer, 405);
            assert_eq!(answer.header("allow"), allowed);
            assert_eq!(answer.header("api-version"), "1.0.0");
        }
    }
    let missing = get(&app, "/documenten/bestaat-niet").await;
    problem(&missing, 404);
    assert_eq!((missing.header("api-version"), missing.header("access-control-allow-origin")), ("1.0.0", "*"));
    let head = send(&app, Method::HEAD, "/api/v1/documenten/bestaat-niet").await;
    assert_eq!((head.status.as_u16(), head.text.as_str()), (404, ""));
    problem(&send(&app, Method::OPTIONS, "/api/v1/boeken").await, 404);
    assert_eq!(send(&app, Method::GET, "/api/docs").await.header("api-version"), "");
}

#[tokio::test]
async fn what_breaks_inside_is_told_by_its_number_only() {
    let app = TestApp::library().await;
    app.store().close().await.unwrap();
    for path in ["/themas", "/documenten", "/documenten/x", "/suggesties?q=zorg"] {
        let answer = get(&app, path).await;
        let problem = problem(&answer, 500);
        let id = answer.header("x-request-id");
        assert!(!id.is_empty() && problem["detail"].as_str().unwrap().contains(id), "{problem}");
        let text = answer.text.to_lowercase();
        assert!(!["sql", "pool", "connection", "database"].iter().any(|it| text.contains(it)), "{text}");
    }
}
