//! Other programs that tests talk to: started on a free port of this machine, ended with the test that started them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

/// Much longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// The folder of the tools, with everything in it.
pub fn installed() -> PathBuf {
    static DONE: OnceLock<()> = OnceLock::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    DONE.get_or_init(|| {
        let done = Command::new(root.join("tests/tools/install")).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "tests/tools/install failed; ./test installs what it needs: {said}");
    });
    root.join("target/tools")
}

/// A program that says on its first line where it is. Killed when dropped.
pub struct Tool {
    child: Child,
    pub address: String,
    // Closed, either ends the program.
    _input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Tool {
    pub fn start(command: &mut Command) -> Tool {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "the program ended before it said where it is: {command:?}");
        Tool { _input: child.stdin.take().unwrap(), output, child, address: line.trim().to_owned() }
    }
}

impl Tool {
    /// The next line it says; waits for it.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line
    }
}

impl Drop for Tool {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A certificate for this machine and the authority that gave it.
pub struct Trust(tempfile::TempDir);

impl Trust {
    pub fn new() -> Trust {
        let it = Trust(tempfile::tempdir().unwrap());
        std::fs::write(it.path("ext"), "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n").unwrap();
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
        for line in [
            &format!("req -x509 {key} -days 30 -subj /CN=Proef-CA -keyout ca.key -out ca.pem"),
            &format!("req {key} -subj /CN=localhost -keyout key.pem -out csr.pem"),
            "x509 -req -in csr.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile ext -out cert.pem",
        ] {
            let done = Command::new("openssl").args(line.split(' ')).current_dir(&it.0).output().unwrap();
            assert!(done.status.success(), "{line}: {}", String::from_utf8_lossy(&done.stderr));
        }
        it
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

/// A browser as far as the pages of a provider need one: it keeps cookies, and follows where it is sent.
#[derive(Default)]
pub struct Browser {
    cookies: Vec<(String, String)>,
}

impl Browser {
    /// Goes to an address and on, until it is sent to one that starts so; that address.
    pub fn follow(&mut self, address: &str, until: &str) -> String {
        let mut at = url::Url::parse(address).unwrap();
        for _ in 0..10 {
            let (status, to) = self.get(&at);
            let to = to.unwrap_or_else(|| panic!("{at} answers {status} and sends nowhere"));
            at = at.join(&to).unwrap();
            if at.as_str().starts_with(until) {
                return at.into();
            }
        }
        panic!("sent on and on, to {at}");
    }

    fn get(&mut self, at: &url::Url) -> (u16, Option<String>) {
        let host = format!("{}:{}", at.host_str().unwrap(), at.port().unwrap());
        let mut stream = TcpStream::connect(&host).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let path = &at[url::Position::BeforePath..];
        let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = pairs.join("; ");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookies}\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let head = text.split("\r\n\r\n").next().unwrap();
        let mut to = None;
        for (name, value) in head.lines().filter_map(|it| it.split_once(": ")) {
            match name.to_lowercase().as_str() {
                "location" => to = Some(value.to_owned()),
                "set-cookie" => {
                    let (name, value) = value.split(';').next().unwrap().split_once('=').unwrap();
                    self.cookies.retain(|it| it.0 != name);
                    self.cookies.push((name.to_owned(), value.to_owned()));
                }
                _ => (),
            }
        }
        (head.split(' ').nth(1).unwrap().parse().unwrap(), to)
    }
}
