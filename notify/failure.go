package notify

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/wneessen/go-mail"

	"github.com/insigne-badges/insigne/internal/fault"
)

var errNoAddress = errors.New("not an address")

// classify tells what an administrator can do about a failed mail. Only the
// server's status code is kept of the cause: its words may quote the address.
func classify(err error) error {
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("send mail: %w", context.Canceled) // shutting down, nobody's failure
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

// refusal names what the server said once the connection stood. Without a code
// it said nothing: the connection broke.
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
