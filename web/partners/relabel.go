package partners

import "regiogriffie/web/form"

// relabel shows what someone else chose by its label.
func relabel(f *form.Form, name string, options []form.Option) {
	for _, o := range options {
		if theirs, ok := f.Theirs[name]; ok && o.Value == theirs && theirs != "" {
			f.Theirs[name] = o.Label
			return
		}
	}
}
