"""Public posts and follows across servers, by ActivityPub; only for adults who switch it on."""
