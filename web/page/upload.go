package page

import (
	"errors"
	"mime/multipart"
	"net/http"

	"github.com/insigne-badges/insigne/internal/fault"
)

// Uploaded returns the file of a field of a form that ParseForm has read; nil if no file
// was chosen. The caller closes it. The error is fault.Invalid.
func Uploaded(r *http.Request, field string) (multipart.File, error) {
	if r.MultipartForm == nil {
		return nil, nil
	}
	file, header, err := r.FormFile(field)
	switch {
	case errors.Is(err, http.ErrMissingFile):
		return nil, nil
	case err != nil:
		return nil, fault.Wrap(err, fault.Invalid, "problem.form_unreadable")
	case header.Size == 0:
		return nil, file.Close()
	}
	return file, nil
}
