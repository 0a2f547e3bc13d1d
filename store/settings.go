package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
)

// MailSender is the sender of mails. Empty fields mean the value of the
// configuration.
type MailSender struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

const mailSender = "mail_sender"

// MailSender returns the sender that the administrator set; empty if there is
// none.
func (r reads) MailSender(ctx context.Context) (MailSender, error) {
	var m MailSender
	var text string
	err := r.q.QueryRowContext(ctx, `select value from settings where name = $1`, mailSender).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return m, nil
	}
	if err != nil {
		return m, fmt.Errorf("read setting %s: %w", mailSender, err)
	}
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return m, fmt.Errorf("read setting %s: %w", mailSender, err)
	}
	return m, nil
}

// SetMailSender sets the sender of mails.
func (tx *Tx) SetMailSender(ctx context.Context, m MailSender) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	// This inserts the row or changes nothing. In both cases it locks the row.
	_, err = tx.q.ExecContext(ctx, `insert into settings (name, value) values ($1, '{}') on conflict (name) do update set value = settings.value`, mailSender)
	if err != nil {
		return fmt.Errorf("write setting %s: %w", mailSender, err)
	}
	before, err := tx.MailSender(ctx)
	if err != nil {
		return err
	}
	result, err := tx.q.ExecContext(ctx, `update settings set value = $2 where name = $1`, mailSender, string(text))
	if err := one(result, err, "setting"); err != nil {
		return err
	}
	return tx.auditChange(ctx, badges.AuditEntry{Actor: badges.ByAdmin, Action: badges.MailChanged, Object: mailSender}, before.values(), m.values())
}

func (m MailSender) values() values { return values{"name": m.Name, "address": m.Address} }

// Sender returns the name and address of the sender, for package notify.
func (r reads) Sender(ctx context.Context) (name, address string, err error) {
	m, err := r.MailSender(ctx)
	return m.Name, m.Address, err
}
