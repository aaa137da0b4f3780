//! Mails over a real mail server, with a certificate of an authority of our own. All people are fictitious.

use std::path::Path;
use std::process::Command;

use chrono::TimeDelta;
use leerkring::config::Config;
use leerkring::domain::mail::MailState;
use leerkring::jobs::mail::Post;
use leerkring::store::mail;

use crate::account::{MAIL, invited, reader, site};
use crate::crash;
use crate::harness::{self, now};
use crate::program::Program;
use crate::tools::{self, Tool, Trust};

/// A mail server with this certificate.
fn server(trust: &Trust, way: &str) -> Tool {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail/sink.py");
    let mut command = Command::new(tools::installed().join("mail/bin/python"));
    Tool::start(command.arg(script).arg(trust.path("cert.pem")).arg(trust.path("key.pem")).arg(way))
}

fn address(server: &Tool, way: &str) -> String {
    let port = &server.address;
    match way {
        "tls" => format!("smtps://leerkring:geheim%20woord@localhost:{port}"),
        _ => format!("smtp://leerkring:geheim%20woord@localhost:{port}?tls=required"),
    }
}

/// The next mail a server took.
fn received(server: &mut Tool) -> serde_json::Value {
    serde_json::from_str(&server.line()).unwrap()
}

/// A head of a mail.
fn head(mail: &serde_json::Value, name: &str) -> String {
    let text = mail["text"].as_str().unwrap();
    let found = text.lines().find_map(|it| it.strip_prefix(&format!("{name}: ")));
    found.unwrap_or_else(|| panic!("no {name} in {text}")).to_owned()
}

/// One mail comes once, to whom it is for, over a connection that is safe from its first byte or made so.
#[tokio::test]
async fn mails_come_once_over_a_safe_connection() {
    let trust = Trust::new();
    for way in ["starttls", "tls"] {
        let site = site().await;
        let path = invited(&site, reader()).await;
        let mut server = server(&trust, way);
        let config = Config {
            smtp_url: Some(address(&server, way)),
            mail_from: "Leerkring <kring@voorbeeld.example>".into(),
            ..site.app.config.clone()
        };
        // The certificate is of an authority nobody knows.
        let strict = Post::open(&config).unwrap();
        assert_eq!(strict.deliver(site.store(), now()).await.unwrap(), 0);
        let waits = mail::latest(site.store(), 1).await.unwrap().remove(0);
        assert!(waits.error.to_lowercase().contains("certificate"), "{}", waits.error);
        assert!(!waits.error.contains("geheim"), "{}", waits.error);

        let post = Post::open(&Config { ca_file: Some(trust.path("ca.pem")), ..config }).unwrap();
        assert_eq!(post.deliver(site.store(), waits.next_at).await.unwrap(), 1, "{way}");
        assert_eq!(post.deliver(site.store(), waits.next_at + TimeDelta::days(1)).await.unwrap(), 0);
        let mail = received(&mut server);
        assert_eq!((&mail["to"], &mail["login"]), (&serde_json::json!([MAIL]), &serde_json::json!("leerkring")));
        assert_eq!(head(&mail, "To"), MAIL);
        assert_eq!(head(&mail, "From"), "Leerkring <kring@voorbeeld.example>");
        assert_eq!(head(&mail, "Subject"), "Uw uitnodiging voor Leerkring");
        assert_eq!(head(&mail, "Message-ID"), format!("<{}@voorbeeld.example>", waits.id));
        assert_eq!(head(&mail, "Date"), "Sun, 22 Nov 2026 12:00:00 +0000");
        assert!(head(&mail, "Content-Type").starts_with("text/plain; charset=utf-8"));
        let text = mail["text"].as_str().unwrap().replace("=\n", "").replace("=\r\n", "");
        assert!(text.contains(&path), "{text}");
        let sent = mail::latest(site.store(), 1).await.unwrap().remove(0);
        assert_eq!((sent.state, sent.body.as_str(), sent.error.as_str()), (MailState::Sent, "", ""));
    }
}

/// The whole program: what waits is sent by itself. Killed after the server has the mail and before it said so, the mail
/// goes once more under the same number, and then never again.
#[tokio::test]
async fn a_mail_comes_twice_at_most() {
    let trust = Trust::new();
    let program = Program::new();
    let ca = trust.path("ca.pem");
    let mut stalling = server(&trust, "stall");
    let settings = format!("smtp_url = \"{}\"\nca_file = \"{}\"\n", address(&stalling, "stall"), ca.display());
    program.write("leerkring.toml", &settings);
    let made = program.run(&["user", "create", "--email", MAIL, "--name", "Voorbeeld", "--role", "beheerder"]);
    assert_eq!(made.code, Some(0), "{made:?}");
    let serving = program.serve(&[]);
    let first = received(&mut stalling);
    serving.kill();

    let store = crash::store(&program).await;
    let waits = mail::latest(&store, 1).await.unwrap().remove(0);
    assert_eq!((waits.state, waits.tries), (MailState::Waiting, 1));
    let mut server = server(&trust, "starttls");
    let config = Config {
        smtp_url: Some(address(&server, "starttls")),
        ca_file: Some(ca),
        ..harness::config(&program.path(""))
    };
    let post = Post::open(&config).unwrap();
    assert_eq!(post.deliver(&store, waits.next_at - TimeDelta::seconds(1)).await.unwrap(), 0);
    assert_eq!(post.deliver(&store, waits.next_at).await.unwrap(), 1);
    assert_eq!(post.deliver(&store, waits.next_at + TimeDelta::days(1)).await.unwrap(), 0);
    let second = received(&mut server);
    assert_eq!(head(&first, "Message-ID"), head(&second, "Message-ID"));
    assert_eq!(first["to"], second["to"]);
    store.close().await.unwrap();

    // Without a fall it comes once.
    let made = program.run(&[
        "user",
        "create",
        "--email",
        "ander@voorbeeld.example",
        "--name",
        "Ander",
        "--role",
        "beheerder",
    ]);
    assert_eq!(made.code, Some(0), "{made:?}");
    let settings = settings.replace(&stalling.address, &server.address);
    program.write("leerkring.toml", &settings);
    let serving = program.serve(&[]);
    assert_eq!(received(&mut server)["to"], serde_json::json!(["ander@voorbeeld.example"]));
    assert_eq!(serving.stop().0, Some(0));
    let store = crash::store(&program).await;
    assert!(mail::latest(&store, 9).await.unwrap().iter().all(|it| it.state == MailState::Sent && it.body.is_empty()));
    store.close().await.unwrap();
}
