"""What leaves the server in public: posts for everybody of people who switched that on."""
