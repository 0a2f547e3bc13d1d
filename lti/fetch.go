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

// get reads a bounded document and expects 200.
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

// exchange sends a request and reads the answer, whatever its status.
func exchange(client *http.Client, req *http.Request) (int, []byte, error) {
	resp, err := client.Do(req)
	if err != nil {
		return 0, nil, withoutAddress(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxDocument+1))
	if err != nil {
		return 0, nil, err
	}
	if len(body) > maxDocument {
		return 0, nil, errTooLarge
	}
	return resp.StatusCode, body, nil
}

// withoutAddress drops the address from an error: its query may hold a secret,
// and errors are logged.
func withoutAddress(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

// printable keeps a foreign word fit for a log and a page.
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
