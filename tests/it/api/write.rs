//! Writing through the API: the same rules as the pages, all faults at once.

use leerkring::domain::account::{AccountRole, Scope, TokenScope};
use poem::http::StatusCode;
use poem::test::TestResponse;
use serde_json::{Value, json};

use crate::harness::{TestApp, grant};
use crate::writing;

struct Program<'a> {
    site: &'a TestApp,
    token: String,
}

impl Program<'_> {
    async fn send(&self, method: &str, path: &str, seen: Option<&str>, body: &Value) -> (StatusCode, Value) {
        let client = &self.site.client;
        let mut request = if method == "PUT" { client.put(path) } else { client.post(path) };
        if !self.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        if let Some(seen) = seen {
            request = request.header("if-match", seen);
        }
        let answer: TestResponse = request.content_type("application/json").body(body.to_string()).send().await;
        let status = answer.0.status();
        let text = answer.0.into_body().into_string().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }
}

async fn program<'a>(site: &'a TestApp, role: AccountRole, scope: Scope, token: TokenScope) -> Program<'a> {
    let account = site.account(&[grant(role, scope)]).await;
    // Without a second factor a token gives no editor's rights.
    let write = site.store().write().await.unwrap();
    let mut entry = leerkring::store::account::get_in(&write, &account).await.unwrap().unwrap();
    entry.secrets.totp = Some("JBSWY3DPEHPK3PXP".into());
    leerkring::store::account::save(&write, &mut entry).await.unwrap();
    write.commit_apart().await.unwrap();
    Program { site, token: site.api_token(&account, token).await }
}

fn document(title: &str) -> Value {
    json!({
        "soort": "verbeterplan", "titel": title, "samenvatting": "Wat we deden.", "themas": ["thema"],
        "organisaties": [{ "organisatie": "eigen", "rol": "trekker" }],
        "velden": { "doel": "Minder vallen", "effectenClienten": "Rust", "cijfers": [{ "naam": "a", "waarde": 1, "eenheid": "%" }] },
        "tekst": "De tekst.",
    })
}

#[tokio::test]
async fn from_handing_in_to_a_new_version() {
    let site = writing::site().await;
    let own = Scope::Organisation("eigen".into());
    let author = program(&site, AccountRole::ProjectLead, own.clone(), TokenScope::Write).await;
    let editor = program(&site, AccountRole::Editor, Scope::Theme("thema".into()), TokenScope::Write).await;
    let nobody = Program { site: &site, token: String::new() };
    let reading = program(&site, AccountRole::ProjectLead, own, TokenScope::Read).await;
    let reader = program(&site, AccountRole::Reader, Scope::Organisation("eigen".into()), TokenScope::Write).await;
    let list = "/api/v1/documenten";

    assert_eq!(nobody.send("POST", list, None, &document("A")).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(reading.send("POST", list, None, &document("A")).await.0, StatusCode::FORBIDDEN);
    assert_eq!(reader.send("POST", list, None, &document("A")).await.0, StatusCode::FORBIDDEN);

    let bad = json!({
        "soort": "verbeterplan", "titel": "", "status": "gepubliceerd", "velden": { "dool": 1, "fase": "nergens" },
    });
    let (status, said) = author.send("POST", list, None, &bad).await;
    assert_eq!((status, said["fouten"].as_array().unwrap().len()), (StatusCode::BAD_REQUEST, 2), "{said}");
    let bad = json!({ "soort": "verbeterplan", "herzienVoor": "morgen", "velden": { "fase": "nergens" } });
    let (status, said) = author.send("POST", list, None, &bad).await;
    assert_eq!((status, said["fouten"].as_array().unwrap().len()), (StatusCode::BAD_REQUEST, 4), "{said}");
    assert!(said["fouten"].to_string().contains("herzienVoor"), "{said}");
    let mut missing = document("Weg");
    missing["themas"] = json!(["bestaat-niet"]);
    assert_eq!(author.send("POST", list, None, &missing).await.0, StatusCode::BAD_REQUEST);

    let (status, said) = author.send("POST", list, None, &document("Vallen voorkomen")).await;
    assert_eq!((status, &said["stand"]), (StatusCode::CREATED, &json!("ter-beoordeling")), "{said}");
    assert_eq!(said["slug"], "vallen-voorkomen");
    assert_eq!(site.get("/api/v1/documenten/vallen-voorkomen").await.0.status(), StatusCode::NOT_FOUND);

    let judge = "/api/v1/documenten/vallen-voorkomen/beoordelingen";
    assert_eq!(author.send("POST", judge, None, &json!({ "oordeel": "publiceren" })).await.0, StatusCode::FORBIDDEN);
    assert_eq!(reader.send("POST", judge, None, &json!({ "oordeel": "publiceren" })).await.0, StatusCode::NOT_FOUND);
    let (status, said) = editor.send("POST", judge, None, &json!({ "oordeel": "wijzigingen" })).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{said}");
    let old = json!({ "oordeel": "publiceren", "versie": 1 });
    assert_eq!(editor.send("POST", judge, None, &old).await.0, StatusCode::CONFLICT);
    let (status, said) = editor.send("POST", judge, None, &json!({ "oordeel": "publiceren" })).await;
    assert_eq!((status, &said["stand"]), (StatusCode::OK, &json!("gepubliceerd")), "{said}");
    site.settle().await;
    assert_eq!(site.get("/api/v1/documenten/vallen-voorkomen").await.0.status(), StatusCode::OK);

    let path = "/api/v1/documenten/vallen-voorkomen";
    let next = document("Vallen voorkomen, vervolg");
    assert_eq!(author.send("PUT", path, None, &next).await.0, StatusCode::PRECONDITION_REQUIRED);
    assert_eq!(author.send("PUT", path, Some("\"7\""), &next).await.0, StatusCode::PRECONDITION_FAILED);
    let (status, said) = author.send("PUT", path, Some("\"1\""), &next).await;
    assert_eq!((status, &said["stand"]), (StatusCode::OK, &json!("ter-beoordeling")), "{said}");
    assert_eq!(author.send("PUT", path, Some("1"), &next).await.0, StatusCode::CONFLICT);
    assert_eq!(editor.send("POST", judge, None, &json!({ "oordeel": "publiceren" })).await.0, StatusCode::OK);
    site.settle().await;
    assert_eq!(site.page("/kennisbank/vallen-voorkomen").await.select("h1"), ["Vallen voorkomen, vervolg"]);
}
