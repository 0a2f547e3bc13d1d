package moodle

import (
	"context"
	"net/url"
)

// formatHTML is Moodle's number for a text in HTML.
const formatHTML = "1"

// SendMessage sends a message to one user, who sees it as coming from the
// token's user. Moodle keeps simple HTML. MessageRefused means that this user
// cannot be reached; its Message says why. After Unreachable or Timeout the
// message may have arrived all the same: the call is not repeated here.
//
// One message a call: with several, one unknown recipient fails the call though
// the others were sent to.
func (c *Client) SendMessage(ctx context.Context, to UserID, html string) error {
	n, err := number(to)
	if err != nil {
		return err
	}
	form := url.Values{
		"messages[0][touserid]":   {decimal(n)},
		"messages[0][text]":       {html},
		"messages[0][textformat]": {formatHTML},
	}
	var sent []struct {
		ID    int64  `json:"msgid"` // -1: refused
		Error string `json:"errormessage"`
	}
	if err := c.call(ctx, request{function: fnSendMessages, form: form, writes: true}, &sent); err != nil {
		return err
	}
	if len(sent) != 1 {
		return &Error{Function: fnSendMessages, Reason: Unexpected, Err: errMissing("message id")}
	}
	if sent[0].ID <= 0 {
		return &Error{Function: fnSendMessages, Reason: MessageRefused, Message: c.redact(sent[0].Error)}
	}
	return nil
}
