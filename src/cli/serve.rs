//! `serve`: the site, until it is told to stop.

use std::io::IsTerminal;
use std::time::Duration;

use anyhow::Context;
use poem::Server;
use poem::listener::{Acceptor, Listener, TcpListener};

use crate::app::{App, Clock};
use crate::config::{Config, LogFormat};
use crate::jobs::ahead;
use crate::jobs::mail::Post;
use crate::jobs::publishing::Publishing;
use crate::search::follower::Follower;
use crate::web;
use crate::workflow::account::own;

use super::{Outcome, complain, import, say};

/// How long running requests get to end after the signal to stop.
const GRACE: Duration = Duration::from_secs(10);

pub(super) async fn run(config: Config) -> anyhow::Result<Outcome> {
    start_log(&config);
    // The port first: when it is taken, nothing should have been made or imported.
    let listen = config.listen;
    let acceptor = TcpListener::bind(listen).into_acceptor().await.with_context(|| {
        format!("adres {listen} is niet te gebruiken; draait daar al iets? Kies een ander met --listen, bijvoorbeeld --listen 127.0.0.1:8081")
    })?;
    let app = App::open(config, Clock::System).await?;
    let sealed = own::seal_factors(&app.store, &app.vault).await?;
    if 0 < sealed {
        tracing::info!(accounts = sealed, "tweede factoren versleuteld");
    }
    if 0 < own::unopened(&app.store, Some(&app.vault)).await? {
        tracing::error!("het bestand sleutel past niet bij de database; zet de reservekopie van beide terug");
    }
    let mut follower = Follower::open(&app.store, &app.search)?;
    if !fill_empty(&app).await? {
        return Ok(Outcome::Findings);
    }
    follower.catch_up().await?;
    let following = tokio::spawn(follower.run());
    let (stop_counting, counting_stops) = tokio::sync::oneshot::channel();
    let now = move || Clock::System.now();
    let counting = tokio::spawn(app.search_log.clone().run(app.store.clone(), now, counting_stops));

    let post = Post::open(&app.config)?;
    if let Some(folder) = post.folder() {
        say(&format!(
            "Berichten worden niet gemaild maar als bestand bewaard in {} (instelling smtp_url)",
            folder.display()
        ));
    }
    let (stop_mailing, mailing_stops) = tokio::sync::oneshot::channel();
    let mailing = tokio::spawn(post.run(app.store.clone(), now, mailing_stops));
    let publishing = Publishing { store: app.store.clone(), site: app.config.public_url.clone() };
    let (stop_publishing, publishing_stops) = tokio::sync::oneshot::channel();
    let publishing = tokio::spawn(publishing.run(now, publishing_stops));
    let reading_ahead = tokio::spawn(ahead::run(app.store.clone(), app.comparisons.clone(), now));

    // Before the address is said: who reads it may stop us at once.
    let stop = stop_signal()?;
    for address in acceptor.local_addr().iter().filter_map(|it| it.as_socket_addr()) {
        say(&format!("Leerkring luistert op http://{address} (stoppen met Ctrl-C)"));
    }
    Server::new_with_acceptor(acceptor).run_with_graceful_shutdown(web::build(app.clone()), stop, Some(GRACE)).await?;
    following.abort();
    reading_ahead.abort();
    // What was counted in the last minute is stored before the store closes.
    drop(stop_counting);
    drop(stop_publishing);
    counting.await?;
    drop(stop_mailing);
    mailing.await?;
    publishing.await?;
    app.store.close().await?;
    tracing::info!("gestopt");
    Ok(Outcome::Fine)
}

/// Takes the content folder into an empty library. False when the content has faults.
async fn fill_empty(app: &App) -> anyhow::Result<bool> {
    if !app.store.is_empty().await? {
        return Ok(true);
    }
    let folder = &app.config.content;
    if !folder.is_dir() {
        complain(&format!(
            "De bibliotheek is leeg en de map {} bestaat niet; neem inhoud op met: leerkring import MAP",
            folder.display()
        ));
        return Ok(true);
    }
    Ok(import::take_in(&app.store, &app.intake, folder, false).await?.is_some())
}

fn start_log(config: &Config) {
    let filter = tracing_subscriber::EnvFilter::new(format!(
        "{},tantivy=warn,sqlx=warn,poem=warn,sea_orm_migration=warn",
        config.log_level
    ));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    match config.log_format {
        LogFormat::Json => builder.json().flatten_event(true).init(),
        LogFormat::Text => builder.init(),
    }
}

/// Resolves on Ctrl-C or on the signal of a service manager; from now on neither ends the program by itself.
#[cfg(unix)]
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! { _ = interrupt.recv() => (), _ = terminate.recv() => () }
    })
}

/// Resolves on Ctrl-C.
#[cfg(not(unix))]
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    Ok(async { drop(tokio::signal::ctrl_c().await) })
}
