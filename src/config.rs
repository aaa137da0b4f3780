//! Settings: from a file, overridden by the environment, overridden by flags.
//!
//! Each setting is described once, in [`SETTINGS`]; an unknown one is an error wherever it stands.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

/// One setting as the outside knows it.
#[derive(Debug)]
pub struct Setting {
    /// The key in the file; the flag is the same with dashes.
    pub name: &'static str,
    pub default: &'static str,
    pub help: &'static str,
}

impl Setting {
    /// The environment variable: `LEERKRING_` and the name in capitals.
    pub fn variable(&self) -> String {
        format!("{PREFIX}{}", self.name.to_uppercase())
    }
}

/// All settings.
pub const SETTINGS: &[Setting] = &[
    Setting { name: "data", default: "./data", help: "map voor database, zoekindex en bijlagen" },
    Setting { name: "listen", default: "127.0.0.1:8080", help: "adres en poort waarop de site luistert" },
    Setting { name: "content", default: "./content", help: "map met inhoud voor een lege bibliotheek" },
    Setting { name: "database", default: "sqlite:DATA/leerkring.db", help: "sqlite:PAD of postgres://…" },
    Setting { name: "public_url", default: "http://LISTEN", help: "het adres waaronder bezoekers de site kennen" },
    Setting { name: "query_log", default: "on", help: "on of off: tellen wat er gezocht wordt, zonder wie" },
    Setting {
        name: "smtp_url",
        default: "",
        help: "mailserver, smtps://NAAM:WACHTWOORD@SERVER; leeg: berichten als bestanden",
    },
    Setting { name: "mail_from", default: "Leerkring <leerkring@localhost>", help: "de afzender van berichten" },
    Setting {
        name: "ca_file",
        default: "",
        help: "bestand (PEM) met een eigen certificaatuitgever, voor mailserver en aanbieder",
    },
    Setting {
        name: "oidc_issuer",
        default: "",
        help: "adres van een aanbieder van OpenID Connect, om mee in te loggen; leeg: alleen wachtwoorden",
    },
    Setting { name: "oidc_client_id", default: "", help: "hoe de aanbieder deze site kent" },
    Setting { name: "oidc_client_secret", default: "", help: "het geheim dat de aanbieder aan deze site gaf" },
    Setting { name: "oidc_label", default: "uw organisatie", help: "wat op de knop staat na “Inloggen met”" },
    Setting {
        name: "oidc_second_factor",
        default: "",
        help: "waarde van amr of acr die als tweede factor telt, zoals mfa; leeg: Leerkring vraagt zelf een code",
    },
    Setting {
        name: "trusted_proxies",
        default: "",
        help: "adressen van reverse proxy’s, zoals 127.0.0.1, 10.0.0.0/8; alleen die geloven we als ze zeggen wie er vraagt",
    },
    Setting { name: "four_eyes", default: "on", help: "on of off: een auteur publiceert niet zelf wat hij schreef" },
    Setting { name: "log_format", default: "text", help: "text of json" },
    Setting { name: "log_level", default: "info", help: "error, warn, info, debug of trace" },
];

/// The file that is read when it is there and no other is named.
pub const FILE: &str = "leerkring.toml";
const PREFIX: &str = "LEERKRING_";
/// Names the file itself; not a setting inside it.
const FILE_VARIABLE: &str = "LEERKRING_CONFIG";

/// What was typed: settings by name.
pub type Typed = BTreeMap<String, String>;

/// What it means.
#[derive(Debug, Clone)]
pub struct Config {
    pub data: PathBuf,
    pub listen: SocketAddr,
    pub content: PathBuf,
    pub database: String,
    /// Without slash at the end.
    pub public_url: String,
    /// Whether searches are counted.
    pub query_log: bool,
    /// With its password. `None`: mails become files.
    pub smtp_url: Option<String>,
    pub mail_from: String,
    /// PEM: whom we trust besides the authorities everybody knows.
    pub ca_file: Option<PathBuf>,
    /// A provider of sign-in.
    pub provider: Option<Provider>,
    /// Whose word we take for the address a request comes from.
    pub trusted_proxies: Vec<Range>,
    /// Whether the author of a version may not approve it.
    pub four_eyes: bool,
    pub log_format: LogFormat,
    pub log_level: String,
}

/// A provider of sign-in by OpenID Connect, and how it knows us.
#[derive(Debug, Clone)]
pub struct Provider {
    /// HTTPS, or HTTP on this machine.
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Hidden,
    pub label: String,
    /// What in `amr` or `acr` says that a second factor was shown there.
    pub second_factor: Option<String>,
}

/// Addresses that begin with the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    first: IpAddr,
    bits: u8,
}

impl Range {
    /// Reads an address, or one with the number of bits that count: `10.0.0.0/8`.
    pub fn parse(text: &str) -> Option<Range> {
        let (first, bits) = text.split_once('/').map_or((text, None), |(first, bits)| (first, Some(bits)));
        let first: IpAddr = first.parse().ok()?;
        let most = if first.is_ipv4() { 32 } else { 128 };
        let is_number = |it: &&str| it.bytes().all(|b| b.is_ascii_digit());
        let bits = bits.map_or(Some(most), |it| Some(it).filter(is_number)?.parse().ok())?;
        (bits <= most).then_some(Range { first, bits })
    }

    pub fn contains(&self, address: IpAddr) -> bool {
        let same = |a: u128, b: u128, most: u32| {
            let rest = most - u32::from(self.bits);
            rest == most || a >> rest == b >> rest
        };
        match (self.first, address.to_canonical()) {
            (IpAddr::V4(a), IpAddr::V4(b)) => same(a.to_bits().into(), b.to_bits().into(), 32),
            (IpAddr::V6(a), IpAddr::V6(b)) => same(a.to_bits(), b.to_bits(), 128),
            _ => false,
        }
    }
}

impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.first, self.bits)
    }
}

/// A text that no log shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden(pub String);

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("instellingenbestand {0} is niet te lezen: {1}")]
    File(PathBuf, String),
    #[error("onbekende instelling \"{name}\" in {place}; bekend zijn: {}", known())]
    Unknown { name: String, place: String },
    #[error("instelling {name} = \"{value}\" kan niet: {allowed}")]
    Value { name: &'static str, value: String, allowed: &'static str },
}

/// Reads settings. `file` is the file named by a flag; `environment` are the variables of the process.
pub fn load(
    file: Option<&Path>,
    environment: impl Iterator<Item = (String, String)>,
    flags: Typed,
) -> Result<Config, Error> {
    let mut typed = Typed::new();
    let mut named = file.map(Path::to_owned);
    let mut from_environment = Typed::new();
    for (variable, value) in environment.filter(|(name, _)| name.starts_with(PREFIX)) {
        if variable == FILE_VARIABLE {
            named = named.or(Some(PathBuf::from(value)));
            continue;
        }
        match SETTINGS.iter().find(|it| it.variable() == variable) {
            Some(setting) => from_environment.insert(setting.name.to_owned(), value),
            None => return Err(Error::Unknown { name: variable, place: "de omgeving".into() }),
        };
    }
    match named {
        Some(path) => typed.extend(read(&path)?),
        None if Path::new(FILE).exists() => typed.extend(read(Path::new(FILE))?),
        None => (),
    }
    typed.extend(from_environment);
    typed.extend(flags);
    resolve(&typed)
}

fn read(path: &Path) -> Result<Typed, Error> {
    let broken = |reason: String| Error::File(path.to_owned(), reason);
    let text = std::fs::read_to_string(path).map_err(|error| broken(error.to_string()))?;
    let document = toml_edit::Document::parse(text.as_str()).map_err(|error| broken(error.to_string()))?;
    let mut res = Typed::new();
    for (name, item) in document.iter() {
        if !SETTINGS.iter().any(|it| it.name == name) {
            return Err(Error::Unknown { name: name.to_owned(), place: path.display().to_string() });
        }
        let value = item.as_str().ok_or_else(|| broken(format!("{name} is geen tekst tussen aanhalingstekens")))?;
        res.insert(name.to_owned(), value.to_owned());
    }
    Ok(res)
}

fn resolve(typed: &Typed) -> Result<Config, Error> {
    let text = |name: &str| {
        let default = SETTINGS.iter().find(|it| it.name == name).map_or("", |it| it.default);
        typed.get(name).cloned().unwrap_or_else(|| default.to_owned())
    };
    let data = PathBuf::from(text("data"));
    let listen = text("listen");
    let listen: SocketAddr = listen.parse().map_err(|_| Error::Value {
        name: "listen",
        value: listen,
        allowed: "schrijf een IP-adres en een poort, bijvoorbeeld 127.0.0.1:8080 of 0.0.0.0:80",
    })?;
    let public_url = typed.get("public_url").cloned().unwrap_or_else(|| format!("http://{listen}"));
    if !(public_url.starts_with("http://") || public_url.starts_with("https://")) {
        let allowed = "begin met https:// of http://";
        return Err(Error::Value { name: "public_url", value: public_url, allowed });
    }
    let query_log = match text("query_log").as_str() {
        "on" => true,
        "off" => false,
        other => return Err(Error::Value { name: "query_log", value: other.to_owned(), allowed: "kies on of off" }),
    };
    let four_eyes = match text("four_eyes").as_str() {
        "on" => true,
        "off" => false,
        other => return Err(Error::Value { name: "four_eyes", value: other.to_owned(), allowed: "kies on of off" }),
    };
    let log_format = match text("log_format").as_str() {
        "text" => LogFormat::Text,
        "json" => LogFormat::Json,
        other => {
            return Err(Error::Value { name: "log_format", value: other.to_owned(), allowed: "kies text of json" });
        }
    };
    let log_level = text("log_level");
    if !["error", "warn", "info", "debug", "trace"].contains(&log_level.as_str()) {
        let allowed = "kies error, warn, info, debug of trace";
        return Err(Error::Value { name: "log_level", value: log_level, allowed });
    }
    let filled = |name: &str| Some(text(name)).filter(|it| !it.is_empty());
    Ok(Config {
        smtp_url: filled("smtp_url"),
        mail_from: text("mail_from"),
        ca_file: filled("ca_file").map(PathBuf::from),
        provider: provider(&text)?,
        database: typed
            .get("database")
            .cloned()
            .unwrap_or_else(|| format!("sqlite:{}", data.join("leerkring.db").display())),
        content: PathBuf::from(text("content")),
        public_url: public_url.trim_end_matches('/').to_owned(),
        data,
        listen,
        query_log,
        four_eyes,
        trusted_proxies: ranges(&text("trusted_proxies"))?,
        log_format,
        log_level,
    })
}

fn ranges(text: &str) -> Result<Vec<Range>, Error> {
    let words = text.split([',', ' ']).filter(|it| !it.is_empty());
    words
        .map(|it| {
            let allowed = "schrijf IP-adressen met komma’s ertussen, bijvoorbeeld 127.0.0.1, 10.0.0.0/8, fd00::/8";
            Range::parse(it).ok_or_else(|| Error::Value { name: "trusted_proxies", value: it.to_owned(), allowed })
        })
        .collect()
}

fn provider(text: &impl Fn(&str) -> String) -> Result<Option<Provider>, Error> {
    let issuer = text("oidc_issuer");
    if issuer.is_empty() {
        return Ok(None);
    }
    if !is_safe_issuer(&issuer) {
        let allowed = "schrijf het adres van de aanbieder, dat begint met https://";
        return Err(Error::Value { name: "oidc_issuer", value: issuer, allowed });
    }
    let needed = |name: &'static str| {
        let allowed = "dit hoort bij oidc_issuer; de aanbieder geeft het als u de site daar aanmeldt";
        Some(text(name)).filter(|it| !it.is_empty()).ok_or(Error::Value { name, value: String::new(), allowed })
    };
    Ok(Some(Provider {
        client_id: needed("oidc_client_id")?,
        client_secret: Hidden(needed("oidc_client_secret")?),
        label: text("oidc_label"),
        second_factor: Some(text("oidc_second_factor")).filter(|it| !it.is_empty()),
        issuer,
    }))
}

/// On the way to a provider nobody may read along; on one machine nobody can.
fn is_safe_issuer(address: &str) -> bool {
    let Ok(url) = url::Url::parse(address) else { return false };
    let is_here = match url.host() {
        Some(url::Host::Ipv4(it)) => it.is_loopback(),
        Some(url::Host::Ipv6(it)) => it.is_loopback(),
        _ => false,
    };
    url.scheme() == "https" && url.has_host() || url.scheme() == "http" && is_here
}

impl Config {
    /// The folder of the search index.
    pub fn index(&self) -> PathBuf {
        self.data.join("index")
    }

    /// The folder of the files that belong to documents.
    pub fn attachments(&self) -> PathBuf {
        self.data.join("bijlagen")
    }

    /// The folder of mails when there is no server for them.
    pub fn mail_folder(&self) -> PathBuf {
        self.data.join("mail")
    }

    fn of_provider(&self, part: impl Fn(&Provider) -> String) -> String {
        self.provider.as_ref().map(part).unwrap_or_default()
    }

    /// Every setting with the value in force; a password in the database address is not shown.
    pub fn shown(&self) -> Vec<(&'static str, String)> {
        SETTINGS
            .iter()
            .map(|setting| {
                let value = match setting.name {
                    "data" => self.data.display().to_string(),
                    "listen" => self.listen.to_string(),
                    "content" => self.content.display().to_string(),
                    "database" => without_password(&self.database),
                    "public_url" => self.public_url.clone(),
                    "query_log" if self.query_log => "on".to_owned(),
                    "query_log" => "off".to_owned(),
                    "smtp_url" => self.smtp_url.as_deref().map(without_password).unwrap_or_default(),
                    "mail_from" => self.mail_from.clone(),
                    "ca_file" => self.ca_file.as_ref().map(|it| it.display().to_string()).unwrap_or_default(),
                    "oidc_issuer" => self.of_provider(|it| it.issuer.clone()),
                    "oidc_client_id" => self.of_provider(|it| it.client_id.clone()),
                    "oidc_client_secret" => self.of_provider(|_| "***".to_owned()),
                    "oidc_label" => self.of_provider(|it| it.label.clone()),
                    "oidc_second_factor" => self.of_provider(|it| it.second_factor.clone().unwrap_or_default()),
                    "trusted_proxies" => {
                        self.trusted_proxies.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
                    }
                    "four_eyes" if self.four_eyes => "on".to_owned(),
                    "four_eyes" => "off".to_owned(),
                    "log_format" if self.log_format == LogFormat::Json => "json".to_owned(),
                    "log_format" => "text".to_owned(),
                    _ => self.log_level.clone(),
                };
                (setting.name, value)
            })
            .collect()
    }
}

fn without_password(address: &str) -> String {
    match url::Url::parse(address) {
        Ok(mut url) if url.password().is_some() => match url.set_password(Some("***")) {
            Ok(()) => url.to_string(),
            Err(()) => "***".to_owned(),
        },
        _ => address.to_owned(),
    }
}

fn known() -> String {
    SETTINGS.iter().map(|it| it.name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use crate::config::Range;

    #[test]
    fn ranges_of_addresses() {
        for (range, address, expected) in [
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "127.0.0.2", false),
            ("127.0.0.1", "::ffff:127.0.0.1", true),
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.0", false),
            ("192.0.2.128/25", "192.0.2.127", false),
            ("0.0.0.0/0", "203.0.113.9", true),
            ("0.0.0.0/0", "::1", false),
            ("fd00::/8", "fdff::1", true),
            ("fd00::/8", "fc00::1", false),
            ("::/0", "2001:db8::1", true),
            ("2001:db8::1", "2001:db8::1", true),
        ] {
            assert_eq!(Range::parse(range).unwrap().contains(address.parse().unwrap()), expected, "{range} {address}");
        }
        for bad in ["", "localhost", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/+8", "10.0.0", "1.2.3.4:80"] {
            assert!(Range::parse(bad).is_none(), "{bad}");
        }
    }
}
