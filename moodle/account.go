package moodle

import (
	"context"
	"net/url"
	"slices"
	"strconv"
)

// account is the part of a user's account that only the site-wide user function
// returns. Lang and Suspended are absent when the token's user lacks
// moodle/user:viewalldetails.
type account struct {
	ID        int64  `json:"id"`
	Lang      string `json:"lang"`
	Suspended flag   `json:"suspended"`
}

const accountsPerCall = 200

// accounts reads the accounts of the users. Accounts that the token's user may not see
// are left out.
func (c *Client) accounts(ctx context.Context, users []enrolledUser) (map[int64]account, error) {
	found := make(map[int64]account, len(users))
	for some := range slices.Chunk(users, accountsPerCall) {
		form := url.Values{"field": {"id"}}
		for i, u := range some {
			form.Set("values["+strconv.Itoa(i)+"]", decimal(u.ID))
		}
		var list []account
		if err := c.call(ctx, request{function: fnUsersByField, form: form}, &list); err != nil {
			return nil, err
		}
		for _, a := range list {
			found[a.ID] = a
		}
	}
	return found, nil
}
