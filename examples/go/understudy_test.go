package account

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

const longestStart = 30 * time.Second

// The URL of the server, and how to stop it.
var server string

func TestMain(m *testing.M) {
	url, stop, err := understudy()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	server = url
	code := m.Run()
	stop()
	os.Exit(code)
}

// understudy finds the server of UNDERSTUDY_URL, or starts one.
func understudy() (url string, stop func(), err error) {
	if found := os.Getenv("UNDERSTUDY_URL"); found != "" {
		return strings.TrimRight(found, "/"), func() {}, nil
	}
	unused, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	port := unused.Addr().(*net.TCPAddr).Port
	unused.Close()
	command := exec.Command("npx", "--no", "--", "understudy", "--port", fmt.Sprint(port))
	command.Stderr = os.Stderr
	// A group of its own: npx does not pass signals on to the server.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := command.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		syscall.Kill(-command.Process.Pid, syscall.SIGTERM)
		command.Wait()
	}
	url = fmt.Sprintf("http://127.0.0.1:%d", port)
	for end := time.Now().Add(longestStart); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		response, err := http.Get(url + "/__admin/health")
		if err == nil {
			response.Body.Close()
			return url, stop, nil
		}
	}
	stop()
	return "", nil, fmt.Errorf("Understudy was not healthy after %s", longestStart)
}

// A sandbox of the server.
type sandbox struct {
	t         *testing.T
	name      string
	providers Providers
}

var numbers atomic.Int64

// newSandbox creates a sandbox and deletes it after the test.
func newSandbox(t *testing.T) *sandbox {
	t.Helper()
	s := &sandbox{t: t, name: fmt.Sprintf("go-%d-%d", os.Getpid(), numbers.Add(1))}
	var created struct {
		Providers struct {
			Proficient struct{ BaseURL, SecretKey string }
			Pagecall   struct{ BaseURL, APIKey string }
			Conductor  struct{ BaseURL, SecretKey string }
		}
	}
	s.admin("POST", "/sandboxes", map[string]any{"name": s.name, "ttlSeconds": 600}, &created)
	of := created.Providers
	s.providers = Providers{
		Proficient: Provider{of.Proficient.BaseURL, of.Proficient.SecretKey},
		Pagecall:   Provider{of.Pagecall.BaseURL, of.Pagecall.APIKey},
		Conductor:  Provider{of.Conductor.BaseURL, of.Conductor.SecretKey},
	}
	t.Cleanup(func() { s.admin("DELETE", "/sandboxes/"+s.name, nil, nil) })
	return s
}

// admin sends a request to the control plane, and decodes the response into result unless that is nil.
func (s *sandbox) admin(method, path string, body, result any) {
	s.t.Helper()
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			s.t.Fatal(err)
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequest(method, server+"/__admin"+path, content)
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("x-understudy-sandbox", s.name)
	if body != nil {
		request.Header.Set("content-type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	if response.StatusCode >= 300 {
		s.t.Fatalf("%s %s: %d %s", method, path, response.StatusCode, text)
	}
	if result != nil {
		if err := json.Unmarshal(text, result); err != nil {
			s.t.Fatal(err)
		}
	}
}

// residues counts what is left of persons, by id, e-mail address or name.
func (s *sandbox) residues(subjects ...string) int {
	s.t.Helper()
	var found struct{ Residues []any }
	s.admin("POST", "/erasure-checks", map[string]any{"subjects": subjects}, &found)
	return len(found.Residues)
}
