//! The OpenAPI document and the page made from it: complete, steady, and true of every answer.

use leerkring::domain::field::Field;
use leerkring::domain::record::{Common, Own};
use leerkring::domain::vocabulary::RecordKind;
use poem::http::Method;
use serde_json::Value;

use super::{BASE, FACETS, camel, data, get, keys, library, send};
use crate::harness::TestApp;

#[tokio::test]
async fn the_document_describes_every_operation_in_dutch() {
    let app = TestApp::library().await;
    let answer = get(&app, "/openapi.json").await;
    let document = answer.json();
    let info = &document["info"];
    assert_eq!((&info["version"], &info["license"]["name"]), (&"1.0.0".into(), &"EUPL-1.2".into()));
    assert_eq!(info["contact"]["name"], "Beheer van deze Leerkring");
    assert_eq!(info["contact"]["url"], "https://leerkring.example/over");
    assert_eq!(document["servers"][0]["url"], "https://leerkring.example/api/v1");

    let paths = keys(&document["paths"]);
    assert_eq!(paths.len(), 22, "{paths:?}");
    for (path, methods) in document["paths"].as_object().unwrap() {
        let expected: &[&str] = match path.as_str() {
            "/documenten" => &["get", "post"],
            "/documenten/{slug}" => &["get", "put"],
            "/documenten/{slug}/beoordelingen" | "/bijlagen" => &["post"],
            it if it.starts_with("/aanleveringen") => &["post"],
            _ => &["get"],
        };
        let mut found = keys(methods);
        found.sort();
        assert_eq!(found, expected, "{path}");
        if expected == ["post"] {
            continue;
        }
        let operation = &methods["get"];
        for property in ["summary", "operationId"] {
            assert!(!operation[property].as_str().unwrap().is_empty(), "{path}: {property}");
        }
        let mut expected = vec!["200", "400", "500"];
        if path.contains('{') {
            expected.push("404");
        }
        match path.as_str() {
            "/documenten" | "/suggesties" => expected.push("503"),
            "/documenten/{slug}" => expected.push("308"),
            _ => (),
        }
        expected.sort();
        let mut statuses = keys(&operation["responses"]);
        statuses.sort();
        assert_eq!(statuses, expected, "{path}");
        for (status, answer) in operation["responses"].as_object().unwrap() {
            assert!(!answer["description"].as_str().unwrap().is_empty(), "{path} {status}");
            assert!(keys(&answer["headers"]).iter().any(|it| it.eq_ignore_ascii_case("api-version")));
            if 400 <= status.parse::<u16>().unwrap() {
                assert_eq!(keys(&answer["content"]), ["application/problem+json"]);
            }
        }
    }

    let parameters = document["paths"]["/documenten"]["get"]["parameters"].as_array().unwrap();
    let names: Vec<&str> = parameters.iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names[0], "q");
    assert_eq!(names[1..10], FACETS);
    assert_eq!(names[10..], ["sorteer", "pagina", "perPagina"]);
    for parameter in &parameters[1..10] {
        assert_eq!((&parameter["schema"]["type"], &parameter["explode"]), (&"array".into(), &true.into()));
    }
    let kinds: Vec<&str> = RecordKind::ALL.iter().map(|it| it.word()).collect();
    assert_eq!(parameters[1]["schema"]["items"]["enum"], Value::from(kinds));

    // The same program says the same, each time it starts.
    assert_eq!(get(&TestApp::empty().await, "/openapi.json").await.text, answer.text);
}

#[tokio::test]
async fn a_field_in_a_table_is_a_field_in_the_document() {
    let app = TestApp::empty().await;
    let document = data(&app, "/openapi.json").await;
    let schemas = &document["components"]["schemas"];
    let has = |schema: &Value, fields: &[Field], of: &str| {
        for field in fields {
            let property = &schema["properties"][camel(field.name)];
            assert!(property.is_object(), "{of}: {}", field.name);
            let required = schema["required"].as_array().unwrap();
            let is_always_there = required.contains(&camel(field.name).into());
            assert!(is_always_there || property["nullable"] == true, "{of}: {}", field.name);
        }
    };
    has(&schemas["Document"], Common::FIELDS, "Document");
    for kind in RecordKind::ALL {
        let name = format!("Velden{}", kind.label());
        has(&schemas[&name], Own::fields(*kind), &name);
    }
    assert_eq!(schemas["Document"]["properties"]["herzienVoor"]["format"], "date");
    assert_eq!(schemas["Document"]["properties"]["titel"]["maxLength"], 90);
}

#[tokio::test]
async fn every_answer_is_as_the_document_says() {
    let (app, library) = (TestApp::library().await, library());
    let document = data(&app, "/openapi.json").await;
    let mut asked = vec![
        ("/documenten", "/documenten?perPagina=100".to_owned()),
        ("/documenten", "/documenten?q=verzuim&sorteer=titel&thema=client-en-naasten".to_owned()),
        ("/suggesties", "/suggesties?q=zorg".to_owned()),
        ("/suggesties", "/suggesties".to_owned()),
        ("/themas", "/themas".to_owned()),
        ("/organisaties", "/organisaties".to_owned()),
        ("/netwerken", "/netwerken".to_owned()),
        ("/regios", "/regios".to_owned()),
        ("/programmas", "/programmas".to_owned()),
    ];
    let lists = &library.catalogue;
    asked.extend(library.records.iter().map(|it| ("/documenten/{slug}", format!("/documenten/{}", it.slug))));
    asked.extend(lists.organisations.iter().map(|it| ("/organisaties/{slug}", format!("/organisaties/{}", it.slug))));
    asked.extend(lists.themes.iter().map(|it| ("/themas/{slug}", format!("/themas/{}", it.slug))));
    asked.extend(lists.networks.iter().map(|it| ("/netwerken/{slug}", format!("/netwerken/{}", it.slug))));
    asked.extend(lists.regions.iter().map(|it| ("/regios/{slug}", format!("/regios/{}", it.slug))));
    asked.extend(lists.programmes.iter().map(|it| ("/programmas/{slug}", format!("/programmas/{}", it.slug))));
    for (operation, path) in asked {
        let content = &document["paths"][operation]["get"]["responses"]["200"]["content"];
        let schema = &content["application/json; charset=utf-8"]["schema"];
        assert!(schema.is_object(), "{operation}");
        let faults = misfits(&document, schema, &data(&app, &path).await, "");
        assert!(faults.is_empty(), "{path}: {faults:#?}");
    }
    let bad = &document["paths"]["/themas"]["get"]["responses"]["400"]["content"];
    let schema = &bad["application/problem+json"]["schema"];
    let faults = misfits(&document, schema, &get(&app, "/themas?x=1").await.json(), "");
    assert!(faults.is_empty(), "{faults:#?}");

    // The judge itself can say no.
    let theme = &document["components"]["schemas"]["Verwijzing"];
    for wrong in [r#"{"slug":"a"}"#, r#"{"slug":"a","naam":3}"#, r#"{"slug":"a","naam":"b","x":1}"#, "null", "[]"] {
        assert!(!misfits(&document, theme, &serde_json::from_str(wrong).unwrap(), "").is_empty(), "{wrong}");
    }
}

/// Where a value is not as its schema says. Properties that no schema names are misfits too.
fn misfits(document: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    if value.is_null() && schema["nullable"] == true {
        return vec![];
    }
    if let Some(name) = schema["$ref"].as_str() {
        let schema = &document["components"]["schemas"][name.rsplit('/').next().unwrap()];
        assert!(schema.is_object(), "{name} is not in the document");
        return misfits(document, schema, value, at);
    }
    if let Some(all) = schema["allOf"].as_array() {
        let named = all.iter().filter(|it| it.get("$ref").is_some());
        return named.flat_map(|it| misfits(document, it, value, at)).collect();
    }
    if let Some(any) = schema["anyOf"].as_array() {
        let found = any.iter().map(|it| misfits(document, it, value, at)).min_by_key(Vec::len);
        return found.unwrap();
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        return vec![format!("{at}: {value} is not one of {words:?}")];
    }
    let fits = match schema["type"].as_str().unwrap_or("?") {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        other => panic!("{at}: unknown type {other}"),
    };
    if !fits {
        return vec![format!("{at}: {value} is no {}", schema["type"])];
    }
    let mut res = Vec::new();
    for (name, value) in value.as_object().into_iter().flatten() {
        match &schema["properties"][name] {
            Value::Null => res.push(format!("{at}/{name} is not in the document")),
            schema => res.extend(misfits(document, schema, value, &format!("{at}/{name}"))),
        }
    }
    if value.is_object() {
        let names = schema["properties"].as_object().into_iter().flatten().map(|it| it.0);
        res.extend(names.filter(|it| value.get(it).is_none()).map(|it| format!("{at}/{it} is missing")));
    }
    for (n, item) in value.as_array().into_iter().flatten().enumerate() {
        res.extend(misfits(document, &schema["items"], item, &format!("{at}/{n}")));
    }
    res
}

#[tokio::test]
async fn the_page_about_the_api_shows_all_of_it_and_its_examples_work() {
    let app = TestApp::library().await;
    let document = data(&app, "/openapi.json").await;
    let page = app.page("/api/docs").await;
    assert_eq!(page.status, 200);
    let headings = page.select("section > h2");
    let text = page.select("main").join(" ");
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            assert!(headings.iter().any(|it| operation["summary"] == *it), "{path}");
            assert!(text.contains(&format!("{} {BASE}{path}", method.to_uppercase())), "{path}");
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                assert!(text.contains(parameter["description"].as_str().unwrap()), "{path}: {}", parameter["name"]);
            }
        }
    }
    for name in keys(&document["components"]["schemas"]) {
        assert!(page.has(&format!("#vorm-{name}")), "{name}");
    }
    let examples: Vec<String> =
        page.attr("main section a", "href").into_iter().filter(|it| it.starts_with(BASE)).collect();
    assert_eq!(examples.len(), 16);
    for example in examples {
        assert_eq!(send(&app, Method::GET, &example).await.status, 200, "{example}");
    }
    assert!(!page.has("script:not([src])"));
    assert!(page.attr("main a[href^='#']", "href").iter().all(|it| page.has(it)), "a link to nothing");

    // Without any content there is a page as well, and no example leads nowhere.
    let empty = TestApp::empty().await;
    for example in empty.page("/api/docs").await.attr("main section a", "href") {
        if example.starts_with(BASE) {
            assert_eq!(send(&empty, Method::GET, &example).await.status, 200, "{example}");
        }
    }
}

/// The whole OpenAPI document as reviewed: a change of the API is seen here, on purpose or not.
#[tokio::test]
async fn the_document_is_as_reviewed() {
    let site = TestApp::empty().await;
    let text = site.get("/api/v1/openapi.json").await.0.into_body().into_string().await.unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    insta::assert_snapshot!("openapi", serde_json::to_string_pretty(&document).unwrap());
}
