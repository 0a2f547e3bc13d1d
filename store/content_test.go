package store_test

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// everything returns a content with a value in every field.
func (w world) everything(t *testing.T) badges.Content {
	t.Helper()
	var c badges.Content
	fill(t, reflect.ValueOf(&c).Elem(), new(int), 0)
	c.Issuer, c.Picture = w.issuer, "p"
	return c
}

// TestContent stores every field of a content: in a new badge, in its copy in another
// course, in an edited draft and in the next version.
func TestContent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "a")
		want := w.everything(t)
		check := func(what string, b badges.Badge) {
			t.Helper()
			if diff := cmp.Diff(want, b.Current.Content); diff != "" {
				t.Errorf("%s (-written +read):\n%s", what, diff)
			}
			version := storetest.Must(s.Version(t.Context(), b.Current.ID))(t)
			if diff := cmp.Diff(b.Current, version); diff != "" {
				t.Errorf("%s read alone (-want +got):\n%s", what, diff)
			}
		}
		var made, copied, draft, next badges.Badge
		plain := w.draft(t, s)
		tx(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			if made, err = tx.CreateBadge(ctx, w.course, want, "3"); err != nil {
				return err
			}
			key := badges.CourseKey{Platform: w.course.Platform, Context: "102"}
			if err = tx.SeeCourse(ctx, badges.Course{CourseKey: key, Title: "Copy"}); err != nil {
				return err
			}
			if copied, err = tx.CopyBadge(ctx, key, made.ID, made.Current.Content, "3"); err != nil {
				return err
			}
			if draft, err = tx.EditBadge(ctx, w.course, plain.ID, want, "3"); err != nil {
				return err
			}
			next, err = tx.EditBadge(ctx, w.course, w.badge.ID, want, "3")
			return err
		})
		check("a new badge", made)
		check("a copy", copied)
		check("a draft", draft)
		check("the next version", next)
		for _, b := range storetest.Must(s.Badges(t.Context(), w.course))(t) {
			check("a badge in the list", b.Badge)
		}
	})
}

// TestDraftChanged saves a draft again with one other field at a time. Each is a
// change; the same content is none.
func TestDraftChanged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "a")
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.SavePicture(ctx, picture.Picture{Hash: "q", PNG: []byte("png")})
		})
		var second badges.IssuerID
		tx(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			second, err = tx.SaveIssuer(ctx, badges.Issuer{Platform: w.course.Platform, Name: "V", URL: "https://v.example", Email: "v@v.example"})
			return err
		})
		b := w.draft(t, s)
		whole := w.everything(t)
		whole.Picture, whole.Issuer = "q", second
		edits := func(c badges.Content) int {
			t.Helper()
			tx(t, s, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.EditBadge(ctx, w.course, b.ID, c, "3")
				return err
			})
			n := 0
			for _, e := range storetest.Must(s.AuditOf(t.Context(), w.course, string(b.ID)))(t) {
				if e.Action == badges.BadgeEdited {
					n++
				}
			}
			return n
		}
		if n := edits(b.Current.Content); n != 0 {
			t.Errorf("the same content is %d changes", n)
		}
		content, fields := b.Current.Content, reflect.TypeFor[badges.Content]()
		for i := range fields.NumField() {
			reflect.ValueOf(&content).Elem().Field(i).Set(reflect.ValueOf(whole).Field(i))
			if n := edits(content); n != i+1 {
				t.Errorf("%d changes after another %s, want %d", n, fields.Field(i).Name, i+1)
			}
			if n := edits(content); n != i+1 {
				t.Errorf("%d changes after %s was saved again, want %d", n, fields.Field(i).Name, i+1)
			}
		}
	})
}

// TestIssuer stores every field of an organisation.
func TestIssuer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "a")
		var want badges.Issuer
		fill(t, reflect.ValueOf(&want).Elem(), new(int), 0)
		want.ID, want.Platform = "", w.course.Platform
		save := func() {
			t.Helper()
			tx(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
				want.ID, err = tx.SaveIssuer(ctx, want)
				return err
			})
			if diff := cmp.Diff(want, storetest.Must(s.Issuer(t.Context(), want.ID))(t)); diff != "" {
				t.Errorf("(-written +read):\n%s", diff)
			}
			if diff := cmp.Diff(want, storetest.Must(s.PlatformIssuer(t.Context(), want.Platform, want.ID))(t)); diff != "" {
				t.Errorf("of the platform (-written +read):\n%s", diff)
			}
		}
		save()
		want.Name, want.Logo = "Other", ""
		save()
	})
}

// TestFieldsMigration checks that the badges and organisations of a database from before
// there were these fields have none of them, and that saving such a draft without a
// change is none.
func TestFieldsMigration(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		cfg := storetest.Config(t, address)
		rows := slices.Clone(asOfEleven[:6])
		rows = append(rows, `update badges set state = 'draft'`)
		if err := store.OpenAt(t.Context(), cfg, 19, rows...); err != nil {
			t.Fatal(err)
		}
		s := storetest.Open(t, address)
		want := badges.Content{Name: "N", Description: "D", Language: "en", Picture: "h", Issuer: "i", Rule: badges.Rule{Kind: badges.CourseCompleted}}
		if diff := cmp.Diff(want, storetest.Must(s.Version(t.Context(), "v"))(t).Content); diff != "" {
			t.Errorf("version (-want +got):\n%s", diff)
		}
		if i := storetest.Must(s.Issuer(t.Context(), "i"))(t); i.Logo != "" || i.Name != "N" {
			t.Errorf("issuer %+v", i)
		}
		course := badges.CourseKey{Platform: "p", Context: "2"}
		b := storetest.Must(s.Badge(t.Context(), course, "b"))(t)
		if b.State != badges.Draft {
			t.Fatalf("the badge is %s", b.State)
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.EditBadge(ctx, course, "b", want, "3")
			return err
		})
		if acts := storetest.Must(s.AuditOf(t.Context(), course, "b"))(t); len(acts) != 0 {
			t.Errorf("saved without a change: %+v", acts)
		}
	})
}
