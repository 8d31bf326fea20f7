package demo

import "context"

func (d *demo) dashboard(ctx context.Context) error {
	d.announce("http://"+d.listen.Addr().String(), "")
	<-ctx.Done()
	return nil
}
