package templates

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"strings"
	"time"
)

//go:embed static
var staticFS embed.FS

// staticFiles serves the static files. Their address contains a hash of their content,
// so browsers may keep them for ever.
type staticFiles struct {
	prefix string // /static/<hash>
	files  fs.FS
}

func loadStatic() (*staticFiles, error) {
	files, err := fs.Sub(staticFS, "static")
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	err = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, name)
		sum.Write([]byte(name))
		sum.Write(content)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &staticFiles{prefix: "/static/" + hex.EncodeToString(sum.Sum(nil)[:8]), files: files}, nil
}

func (s *staticFiles) path(name string) string { return s.prefix + "/" + name }

// Static serves the files below /static/. The address of another build is not found.
// Caches must not keep that answer, because the address may be that of a newer build.
func (s *Set) Static() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, ours := strings.CutPrefix(r.URL.Path, s.static.prefix+"/")
		content, err := fs.ReadFile(s.static.files, name)
		if !ours || err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
	})
}

// Asset returns the path of a static file.
func (s *Set) Asset(name string) string { return s.static.path(name) }
