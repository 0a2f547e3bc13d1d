package lti

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

const maxDocument = 1 << 20 // bytes of a key set, configuration or answer

var errTooLarge = errors.New("answer is too large")

// get reads a document of at most maxDocument bytes. It returns an error if the status
// is not 200.
func get(ctx context.Context, client *http.Client, address string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, withoutAddress(err)
	}
	req.Header.Set("Accept", "application/json")
	status, body, err := exchange(client, req)
	if err != nil {
		return nil, err
	}
	if status != http.StatusOK {
		return nil, fmt.Errorf("status %d", status)
	}
	return body, nil
}

// exchange sends a request and returns the status and body of the answer.
func exchange(client *http.Client, req *http.Request) (int, []byte, error) {
	a, err := receive(client, req, maxDocument)
	return a.status, a.body, err
}

// answer is a response that was read completely.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// receive sends a request and returns the answer, whatever its status. It returns
// errTooLarge if the body is longer than limit.
func receive(client *http.Client, req *http.Request, limit int) (answer, error) {
	resp, err := client.Do(req)
	if err != nil {
		return answer{}, withoutAddress(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, int64(limit)+1))
	if err != nil {
		return answer{}, err
	}
	if len(body) > limit {
		return answer{}, errTooLarge
	}
	return answer{resp.StatusCode, resp.Header, body}, nil
}

// withoutAddress returns err without the address: its query may contain a secret, and
// errors are logged.
func withoutAddress(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

// printable shortens and cleans foreign text for a log or a page.
func printable(s string) string {
	clean := make([]byte, 0, 80)
	for _, r := range s {
		if len(clean) == cap(clean) {
			break
		}
		if r < ' ' || r > '~' {
			r = '?'
		}
		clean = append(clean, byte(r))
	}
	return string(clean)
}
