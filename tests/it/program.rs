//! The real program, run as a person or a service manager runs it: in a folder of its own, over real HTTP.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::harness;

/// Much longer than anything takes: past it, the program hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder to run the program in.
pub struct Program {
    folder: TempDir,
    /// Variables of the environment besides none of our own.
    pub variables: Vec<(&'static str, &'static str)>,
}

/// How a run ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Program {
    pub fn new() -> Program {
        Program { folder: tempfile::tempdir().unwrap(), variables: vec![] }
    }

    /// With the content of this repository in `content`.
    pub fn with_content() -> Program {
        let res = Program::new();
        copy(&harness::content(), &res.path("content"));
        res
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The command, not started yet.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut res = Command::new(env!("CARGO_BIN_EXE_leerkring"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("LEERKRING_")) {
            res.env_remove(name);
        }
        // A crash would print its backtrace, so that a test sees it.
        res.env("RUST_BACKTRACE", "1").envs(self.variables.iter().copied());
        res.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        res
    }

    /// Runs to the end.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        let done = self.command(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ended { code: done.status.code(), out: text(done.stdout), err: text(done.stderr) }
    }

    /// Starts a site on a free port and waits until it listens; how it ended if it does not come to that.
    pub fn try_serve(&self, arguments: &[&str]) -> Result<Serving, Ended> {
        let log = self.path("serve.log");
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.args(arguments).stdout(Stdio::piped()).stderr(fs::File::create(&log).unwrap());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut out = String::new();
        while 0 < lines.read_line(&mut out).unwrap() {
            if let Some(address) = out.lines().last().and_then(|it| it.strip_prefix("Leerkring luistert op http://")) {
                let address = address.split(' ').next().unwrap_or_default().to_owned();
                return Ok(Serving { child, address, log, _out: lines });
            }
        }
        let code = child.wait().unwrap().code();
        Err(Ended { code, out, err: fs::read_to_string(&log).unwrap() })
    }

    pub fn serve(&self, arguments: &[&str]) -> Serving {
        self.try_serve(arguments).unwrap_or_else(|ended| panic!("the site did not start: {ended:?}"))
    }
}

/// A running site; killed when dropped.
pub struct Serving {
    child: Child,
    pub address: String,
    log: PathBuf,
    // Closed, it would end the program at its next line.
    _out: BufReader<ChildStdout>,
}

/// An answer over HTTP.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut pairs = self.head.lines().filter_map(|it| it.split_once(": "));
        pairs.find(|it| it.0.eq_ignore_ascii_case(name)).map(|it| it.1)
    }
}

impl Serving {
    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path)
    }

    /// Without a body.
    pub fn post(&self, path: &str) -> Answer {
        self.ask("POST", path)
    }

    fn ask(&self, method: &str, path: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// Asks the site to stop, as a service manager does, and waits for the end. Its exit code and log.
    pub fn stop(mut self) -> (Option<i32>, String) {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let (sender, receiver) = mpsc::channel();
        let code = thread::scope(|scope| {
            let child = &mut self.child;
            scope.spawn(move || sender.send(child.wait().unwrap().code()));
            receiver.recv_timeout(PATIENCE)
        });
        (code.unwrap(), fs::read_to_string(&self.log).unwrap())
    }

    /// As when the power goes.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Copies a folder.
pub fn copy(from: &Path, to: &Path) {
    for (path, bytes) in harness::files(from) {
        let path = to.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}
