//! Every route: the table of contents of the site.

use poem::http::{HeaderValue, StatusCode};
use poem::{EndpointExt, IntoEndpoint, Request, Response, Route, get, post};

use crate::accounts::session::Factor;
use crate::app::App;
use crate::domain::permission::Denied;

use super::actor::Visitor;
use super::error::Failure;
use super::log::RequestId;
use super::pages::deliver::{overview as deliver, show as delivery, template};
use super::pages::write::{after, begin, edit};
use super::pages::{
    about, account, admin, compare, history, home, inquiry, lists, mine, network, organisation, password, policy,
    programme, provider, questions, record, region, review, reviewers, search, sign_in, theme, users,
};
use super::{actor, api, assets, attachment, feeds, guard, health, page, search_log, url};

/// The addresses of the site with what they show; the README lists the same ones.
pub const PATHS: &[(&str, &str)] = &[
    ("/", "home with the search box"),
    ("/zoeken", "search with filters; all state is in the address"),
    ("/zoeken/gevolgd", "where a browser tells that a result was opened (POST)"),
    ("/kennisbank", "sends on to the search"),
    ("/kennisbank/{slug}", "a document"),
    ("/kennisbank/{slug}/versies", "all versions of a document"),
    ("/kennisbank/{slug}/versies/{versie}", "one version, or two side by side as `1..2`"),
    ("/kennisbank/{slug}/herstellen", "puts an older version back (POST)"),
    ("/kennisbank/{slug}/bevestigen", "says that a document still holds (POST)"),
    ("/kennisbank/{slug}/intrekken", "withdraws a document, with the reason"),
    ("/bevestigen/{token}", "the same by the link in a mail to its owner"),
    ("/voorbeeld/{token}", "a draft, for who has the link, until it expires"),
    ("/mijn", "what waits for somebody, and what somebody wrote"),
    ("/schrijven", "begins a document, a copy or a new version"),
    ("/schrijven/{concept}", "the form of a draft; what was submitted shows who has the ball"),
    ("/schrijven/{concept}/bewaren", "keeps what is typed, for the script (POST)"),
    ("/schrijven/{concept}/bijlagen", "adds a file to a draft (POST)"),
    ("/schrijven/{concept}/voorbeeld", "a draft as it will look"),
    ("/schrijven/{concept}/indienen", "hands a draft in for review"),
    ("/schrijven/{concept}/terug", "takes it back (POST)"),
    ("/schrijven/{concept}/verder", "goes on from what is live now (POST)"),
    ("/schrijven/{concept}/delen", "makes or ends links that show a draft (POST)"),
    ("/schrijven/{concept}/weg", "throws a draft away"),
    ("/beoordelen", "what waits for review, by theme"),
    ("/beoordelen/{concept}", "one submitted version: remarks, changes asked, published"),
    ("/aanleveren", "what an organisation is to deliver and what it delivered; takes figures in, as a file or a form"),
    ("/aanleveren/sjabloon", "the sheet to fill in, of an organisation and a period"),
    ("/aanleveren/{aanlevering}", "one delivery: its figures, agreed with, released, withdrawn"),
    ("/beheer/lijsten", "the lists: organisations, themes, regions, programmes, networks, lexicon"),
    ("/beheer/lijsten/{lijst}", "one list"),
    ("/beheer/lijsten/{lijst}/{slug}", "the form of one item; `nieuw` makes one"),
    ("/beheer/lijsten/organisaties/{slug}/samenvoegen", "joins an organisation with another (POST)"),
    ("/beheer/zoekvragen", "questions without results, and the word that answers them"),
    ("/beheer/beoordelaars", "who reviews which theme"),
    ("/beheer/beleid", "the rules of what is shown of others: in force, proposed, agreed by a second administrator"),
    ("/kennisbank/{slug}/bijlagen/{naam}", "a file of a document, to save"),
    ("/themas", "all themes"),
    ("/themas/{slug}", "a theme"),
    ("/programmas", "all programmes"),
    ("/programmas/{slug}", "a programme, reported beside counted"),
    ("/organisaties", "organisations A to Z"),
    ("/organisaties/{slug}", "an organisation"),
    ("/netwerken", "all networks"),
    ("/netwerken/{slug}", "a network"),
    (
        "/netwerken/{slug}/vergelijken",
        "for its coordinator: who delivered, what is missing, and what members share by name",
    ),
    ("/netwerken/{slug}/vergelijken/volledigheid.csv", "who delivered what, as a file"),
    ("/netwerken/{slug}/afsluiten", "closes a period: its comparison keeps the figures of that moment"),
    ("/netwerken/{slug}/delen", "what a member shares: by name, without, or not; and whether others may ask"),
    ("/vergelijken", "all indicators; for a member how it stands on each"),
    (
        "/vergelijken/{indicator}/{bestand}",
        "the same as a file: `cijfers.xlsx`, `cijfers.csv`, or a drawing as PNG or SVG",
    ),
    ("/vergelijken/{indicator}/kiezen", "chooses the organisations to compare with"),
    ("/vergelijken/{indicator}/vragen/{organisatie}", "asks a better member how it does it"),
    ("/vragen/{vraag}", "such a question, to be answered"),
    ("/vergelijken/{indicator}", "one indicator: where one stands, how it moves, and whom to learn from"),
    ("/regios", "all regions"),
    ("/regios/{slug}", "a region"),
    ("/over", "about the site"),
    ("/privacy", "what is kept of visitors"),
    ("/toegankelijkheid", "how accessible the site is"),
    ("/inloggen", "signing in with a password"),
    ("/inloggen/code", "the code of the second factor"),
    ("/inloggen/aanbieder", "sends on to the provider of OpenID Connect, if one is set"),
    ("/inloggen/aanbieder/terug", "where the provider sends back to"),
    ("/uitloggen", "ends the session (POST)"),
    ("/wachtwoord-vergeten", "asks for a link to choose a new password"),
    ("/uitnodiging/{token}", "chooses the first password, once"),
    ("/wachtwoord/{token}", "chooses a new password, once"),
    ("/mijn/account", "one's own account: name, password, sessions, tokens for the API"),
    ("/mijn/account/tweede-factor", "sets the second factor up"),
    ("/beheer", "the administration"),
    ("/beheer/gebruikers", "accounts: inviting"),
    ("/beheer/gebruikers/{id}", "an account: its roles, blocking"),
    ("/beheer/logboek", "who changed what, when and from where"),
    ("/beheer/berichten", "mails that wait, were sent, or failed"),
    ("/api/docs", "the API described"),
    (
        "/api/v1/…",
        "the API, its OpenAPI document at `openapi.json`, help while typing at `suggesties`, sending a file at `bijlagen` and figures at `aanleveringen` (POST)",
    ),
    ("/assets/{name}", "style, script and icon, under names that change with their content"),
    ("/sitemap.xml", "all addresses, for search engines"),
    ("/robots.txt", "rules for search engines"),
    ("/opensearch.xml", "Leerkring as a search engine of the browser"),
    ("/livez", "whether the program runs"),
    ("/readyz", "whether it can answer, and if not, what is missing"),
];

/// Addresses without a page.
const POST_ONLY: &[&str] = &[url::FOLLOWED, url::SIGN_OUT];

pub(super) fn routes(app: &App) -> impl IntoEndpoint<Endpoint: poem::Endpoint<Output = Response> + 'static> + use<> {
    Route::new().nest("/api", api::routes(app)).nest("/", pages()).around(guard::checked).around(faces)
}

/// Chooses the face by the address, before anything reads it: also an address that no route can read has one.
async fn faces<E: poem::Endpoint<Output = Response>>(
    next: std::sync::Arc<E>,
    request: Request,
) -> poem::Result<Response> {
    match url::is_below("/api", request.uri().path()) {
        true => api::face(next, request).await,
        false => page_face(next, request).await,
    }
}

fn pages() -> impl poem::Endpoint<Output = Response> {
    Route::new()
        .at("/", get(home::show))
        .at(url::SEARCH, get(search::show))
        .at(url::FOLLOWED, post(search_log::followed))
        .at("/kennisbank", get(record::index))
        .at("/kennisbank/:slug", get(record::show))
        .at("/kennisbank/:slug/versies", get(history::list))
        .at("/kennisbank/:slug/versies/:span", get(history::show))
        .at("/kennisbank/:slug/herstellen", post(history::restore))
        .at("/kennisbank/:slug/bevestigen", post(history::confirm))
        .at("/kennisbank/:slug/intrekken", get(history::withdraw_page).post(history::withdraw))
        .at("/bevestigen/:token", get(history::confirm_page).post(history::confirm_by_link))
        .at("/voorbeeld/:token", get(after::shared))
        .at(url::MINE, get(mine::show))
        .at(url::WRITE, get(begin::show).post(begin::create))
        .at("/schrijven/:draft", get(edit::show).post(edit::save))
        .at("/schrijven/:draft/bewaren", post(edit::autosave))
        .at("/schrijven/:draft/verder", post(edit::rebase))
        .at("/schrijven/:draft/bijlagen", post(edit::attach))
        .at("/schrijven/:draft/voorbeeld", get(after::preview))
        .at("/schrijven/:draft/indienen", get(after::submit_page).post(after::submit))
        .at("/schrijven/:draft/terug", post(after::take_back))
        .at("/schrijven/:draft/delen", post(after::share))
        .at("/schrijven/:draft/weg", get(after::discard_page).post(after::discard))
        .at(url::REVIEW, get(review::list))
        .at("/beoordelen/:draft", get(review::show).post(review::decide))
        .at(url::DELIVER, get(deliver::show).post(deliver::receive))
        .at(url::TEMPLATE, get(template::download))
        .at("/aanleveren/:delivery", get(delivery::show).post(delivery::decide))
        .at(url::LISTS, get(lists::index))
        .at("/beheer/lijsten/:list", get(lists::one_list))
        .at("/beheer/lijsten/:list/:slug", get(lists::edit).post(lists::save))
        .at("/beheer/lijsten/organisaties/:slug/samenvoegen", post(lists::merge))
        .at(url::QUESTIONS, get(questions::show).post(questions::answer))
        .at(url::REVIEWERS, get(reviewers::show).post(reviewers::save))
        .at(url::POLICY, get(policy::show).post(policy::decide))
        .at("/kennisbank/:slug/bijlagen/:name", get(attachment::download))
        .at(url::THEMES, get(theme::list))
        .at("/themas/:slug", get(theme::show))
        .at(url::PROGRAMMES, get(programme::list))
        .at("/programmas/:slug", get(programme::show))
        .at(url::ORGANISATIONS, get(organisation::list))
        .at("/organisaties/:slug", get(organisation::show))
        .at(url::NETWORKS, get(network::list))
        .at("/netwerken/:slug", get(network::show))
        .at("/netwerken/:slug/vergelijken", get(network::progress::show))
        .at("/netwerken/:slug/vergelijken/volledigheid.csv", get(network::progress::file))
        .at("/netwerken/:slug/afsluiten", get(network::close::show).post(network::close::close))
        .at("/netwerken/:slug/delen", get(network::share::show).post(network::share::save))
        .at(url::COMPARE, get(compare::overview::list))
        .at("/vergelijken/:slug", get(compare::show).post(compare::new_start::decide))
        .at("/vergelijken/:slug/kiezen", get(compare::choose::show))
        .at("/vergelijken/:slug/:name", get(compare::download::file))
        .at("/vergelijken/:slug/vragen/:organisation", get(inquiry::show).post(inquiry::ask))
        .at("/vragen/:id", get(inquiry::show_question).post(inquiry::answer))
        .at(url::REGIONS, get(region::list))
        .at("/regios/:slug", get(region::show))
        .at(url::ABOUT, get(about::about))
        .at(url::PRIVACY, get(about::privacy))
        .at(url::ACCESSIBILITY, get(about::accessibility))
        .at(url::SIGN_IN, get(sign_in::show).post(sign_in::enter))
        .at(url::CODE, get(sign_in::ask_code).post(sign_in::enter_code))
        .at(url::PROVIDER, get(provider::leave))
        .at(url::PROVIDER_BACK, get(provider::back))
        .at(url::SIGN_OUT, post(sign_in::leave))
        .at(url::FORGOT, get(password::forgot).post(password::ask_link))
        .at("/uitnodiging/:token", get(password::show).post(password::save))
        .at("/wachtwoord/:token", get(password::show).post(password::save))
        .at(url::ACCOUNT, get(account::show).post(account::change))
        .at(url::FACTOR, get(account::show_factor).post(account::take_factor_over))
        .at(url::ADMIN, get(admin::show))
        .at(url::USERS, get(users::list).post(users::invite))
        .at("/beheer/gebruikers/:id", get(users::show).post(users::change))
        .at(url::AUDIT, get(admin::show_audit))
        .at(url::MAILS, get(admin::show_mails).post(admin::send_again))
        .at("/assets/:name", get(assets::show))
        .at(url::SITEMAP, get(feeds::sitemap))
        .at("/robots.txt", get(feeds::robots))
        .at(url::OPENSEARCH, get(feeds::opensearch))
        .at("/livez", get(health::live))
        .at("/readyz", get(health::ready))
}

/// Shows errors as pages. An address with a slash too many is sent on to the one without.
async fn page_face<E: poem::Endpoint<Output = Response>>(
    next: std::sync::Arc<E>,
    request: Request,
) -> poem::Result<Response> {
    let app = request.data::<App>().cloned();
    let id = request.data::<RequestId>().cloned().unwrap_or_default();
    let visitor = actor::of(&request).unwrap_or_else(|_| Visitor::anonymous());
    let path = request.uri().path().to_owned();
    let query = request.uri().query().map_or_else(String::new, |it| format!("?{it}"));
    if let Some(first) = asked_first(&visitor, &path) {
        return Ok(sign_in::see_other(first));
    }
    let is_reading = actor::is_reading(request.method());
    match next.call(request).await {
        Ok(answer) => Ok(answer),
        Err(error) if is_reading && matches!(error.downcast_ref(), Some(Failure::Denied(Denied::SignIn))) => {
            let to = format!("{path}{query}");
            Ok(sign_in::see_other(&url::with_query(url::SIGN_IN, &[("naar", &to)])))
        }
        Err(error) => match (app, path.trim_end_matches('/')) {
            (_, trimmed)
                if error.status() == 404
                    && trimmed.len() < path.len()
                    && trimmed.starts_with('/')
                    && !trimmed.starts_with("//") =>
            {
                Ok(record::moved(&format!("{trimmed}{query}")))
            }
            (Some(app), _) => {
                super::error::log(&error, &id.0);
                let mut answer = page::error(&app, &visitor, &error, &path, &id.0);
                if error.status() == StatusCode::METHOD_NOT_ALLOWED {
                    let allowed = if POST_ONLY.contains(&&*path) { "POST" } else { "GET, HEAD" };
                    answer.headers_mut().insert("allow", HeaderValue::from_static(allowed));
                }
                Ok(answer)
            }
            (None, _) => Err(error),
        },
    }
}

/// What a session must do before anything else: who needs a second factor and has none sets it up.
fn asked_first(visitor: &Visitor, path: &str) -> Option<&'static str> {
    let is_missing = visitor.session.as_ref().is_some_and(|it| it.factor == Factor::Missing);
    let is_free = [url::FACTOR, url::SIGN_OUT, url::ASSETS, url::FOLLOWED].iter().any(|it| url::is_below(it, path));
    (is_missing && !is_free).then_some(url::FACTOR)
}
