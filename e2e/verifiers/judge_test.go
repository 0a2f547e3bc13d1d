package verifiers_test

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// installed names the environment variable with the folder that install.sh fills.
const installed = "INSIGNE_TEST_NODE_MODULES"

// scripts is the folder of our scripts that ask the judges.
const scripts = "../../tools/verifiers"

// software is a process that asks the judges of one environment.
type software string

// The environments. Each needs versions of its libraries that the others do not accept.
const (
	javaScript    software = "JavaScript"
	openBadgesLib software = "openbadgeslib"
	firstEdTech   software = "1edtech"
)

// question is one line to a process of judges.
type question struct {
	Judge    string            `json:"judge"`
	Document []byte            `json:"document"`
	Options  map[string]string `json:"options,omitempty"`
}

// verdict is the answer to a question.
type verdict struct {
	Valid  bool     `json:"valid"`
	Reason string   `json:"reason"` // the judge's own words; empty if valid
	Notes  []string `json:"notes"`
	Error  string   `json:"error"` // no judge was asked
}

// judges are the processes of one test. Each starts when it is asked first.
type judges struct {
	authority string
	running   map[software]*process
}

type process struct {
	mu      sync.Mutex
	to      io.Writer
	answers *bufio.Scanner
}

// newJudges returns judges that trust the authority of a service. The test is skipped
// if they are not installed.
func newJudges(t *testing.T, s *service) *judges {
	t.Helper()
	folder(t)
	j := &judges{authority: s.file, running: map[software]*process{}}
	for _, which := range []software{javaScript, openBadgesLib, firstEdTech} {
		j.running[which] = j.start(t, which)
	}
	return j
}

// folder returns the folder with the judges. The test is skipped if there is none.
func folder(t *testing.T) string {
	t.Helper()
	dir := os.Getenv(installed)
	if dir == "" {
		t.Skipf("%s is not set: no verifiers", installed)
	}
	return dir
}

func (j *judges) start(t *testing.T, which software) *process {
	t.Helper()
	dir := folder(t)
	cmd := exec.CommandContext(t.Context(), filepath.Join(dir, string(which), "bin/python"), "judge.py", string(which))
	if which == javaScript {
		cmd = exec.CommandContext(t.Context(), "node", "judge.mjs")
	}
	cmd.Dir, cmd.Stderr, cmd.WaitDelay = scripts, t.Output(), 10*time.Second
	cmd.Env = append(os.Environ(), "NODE_EXTRA_CA_CERTS="+j.authority, "SSL_CERT_FILE="+j.authority, "REQUESTS_CA_BUNDLE="+j.authority,
		"INSIGNE_TEST_SCHEMAS="+filepath.Join(dir, "schemas"), "PYTHONDONTWRITEBYTECODE=1")
	to, err := cmd.StdinPipe()
	must(t, err)
	from, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() {
		_ = to.Close() // ends the process
		_ = cmd.Wait() // it may have been killed with the context of the test
	})
	p := &process{to: to, answers: bufio.NewScanner(from)}
	p.answers.Buffer(nil, 16<<20)
	return p
}

// ask returns what a judge says about a document.
func (j *judges) ask(t *testing.T, which software, q question) verdict {
	t.Helper()
	p := j.running[which]
	p.mu.Lock()
	defer p.mu.Unlock()
	line, err := json.Marshal(q)
	must(t, err)
	_, err = p.to.Write(append(line, '\n'))
	must(t, err)
	if !p.answers.Scan() {
		t.Fatalf("%s ended: %v", which, p.answers.Err())
	}
	var v verdict
	must(t, json.Unmarshal(p.answers.Bytes(), &v))
	if v.Error != "" {
		t.Fatalf("%s was not asked: %s", q.Judge, v.Error)
	}
	return v
}
