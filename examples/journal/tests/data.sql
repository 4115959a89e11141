BEGIN;

INSERT INTO writers (name, password_hash) VALUES
  ('heron', 'pbkdf2:sha256:1$0LJ8vLePXkXOThR7$f962d80a43c40690b1640bbd5438b5170d19031255078d70aa826792893ba664'),
  ('otter', 'pbkdf2:sha256:1$O9obSydHti2IpoGQ$398dacef1cfbd8740c4d71bb12323acb372494b718da67af85094b9225f81ff9');

INSERT INTO entries (writer_id, day, title, text) VALUES
  (1, '2024-03-01', 'High water', 'The lower path is flooded & closed.');

COMMIT;
