package notify

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/wneessen/go-mail"

	"github.com/insigne-badges/insigne/internal/fault"
)

var errNoAddress = errors.New("not an address: there are spaces around it")

// classify returns an error that says what an administrator can do about a failed mail.
// Of the cause it keeps only the server's status code, because the server's text may
// contain the address.
func classify(err error) error {
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("send mail: %w", context.Canceled) // Insigne shuts down; not a failure
	}
	var network net.Error
	if sending, ok := errors.AsType[*mail.SendError](err); ok {
		return refusal(sending)
	}
	if errors.As(err, &network) || errors.Is(err, context.DeadlineExceeded) {
		return fault.New(fault.Upstream, "mail.server_unreachable")
	}
	return fault.New(fault.Upstream, "mail.server_failed")
}

// refusal returns the error for an answer of the server. Without a status code, the
// connection broke before an answer.
func refusal(err *mail.SendError) error {
	key := "mail.refused"
	switch {
	case err.ErrorCode() == 0:
		key = "mail.server_failed"
	case err.IsTemp():
		key = "mail.server_busy"
	case err.Reason == mail.ErrSMTPRcptTo:
		key = "mail.recipient_refused"
	}
	return fault.Wrap(fmt.Errorf("SMTP status %d", err.ErrorCode()), fault.Upstream, key)
}
