DROP TABLE IF EXISTS messages;
DROP TABLE IF EXISTS enquiries;
DROP TABLE IF EXISTS events;
DROP TABLE IF EXISTS wishes;
DROP TABLE IF EXISTS reviews;
DROP TABLE IF EXISTS order_lines;
DROP TABLE IF EXISTS orders;
DROP TABLE IF EXISTS coupons;
DROP TABLE IF EXISTS products;
DROP TABLE IF EXISTS tokens;
DROP TABLE IF EXISTS addresses;
DROP TABLE IF EXISTS users;

CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  email TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  is_admin INTEGER NOT NULL DEFAULT 0,
  about TEXT NOT NULL DEFAULT '',
  avatar TEXT,
  avatar_at TEXT,
  joined_at TEXT NOT NULL
);

CREATE TABLE addresses (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
  street TEXT NOT NULL,
  postcode TEXT NOT NULL,
  city TEXT NOT NULL
);

CREATE TABLE tokens (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
  name TEXT NOT NULL,
  digest TEXT NOT NULL UNIQUE,
  issued_at TEXT NOT NULL
);

CREATE TABLE products (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  category TEXT NOT NULL,
  description TEXT NOT NULL,
  price INTEGER NOT NULL, -- cents
  stock INTEGER NOT NULL,
  picture TEXT,
  updated_at TEXT NOT NULL
);

CREATE TABLE coupons (
  code TEXT PRIMARY KEY,
  percent INTEGER NOT NULL,
  minimum INTEGER NOT NULL -- cents
);

CREATE TABLE orders (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  reference TEXT NOT NULL UNIQUE,
  user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
  status TEXT NOT NULL DEFAULT 'placed',
  payment TEXT NOT NULL,
  street TEXT NOT NULL,
  postcode TEXT NOT NULL,
  city TEXT NOT NULL,
  total INTEGER NOT NULL, -- cents
  placed_at TEXT NOT NULL
);

CREATE TABLE order_lines (
  order_id INTEGER NOT NULL REFERENCES orders ON DELETE CASCADE,
  product_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  price INTEGER NOT NULL -- cents, of one
);

CREATE TABLE reviews (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  product_id INTEGER NOT NULL REFERENCES products ON DELETE CASCADE,
  user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
  stars INTEGER NOT NULL,
  text TEXT NOT NULL,
  written_at TEXT NOT NULL
);

CREATE TABLE wishes (
  user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
  product_id INTEGER NOT NULL REFERENCES products ON DELETE CASCADE,
  PRIMARY KEY (user_id, product_id)
);

CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  who TEXT NOT NULL,
  what TEXT NOT NULL,
  at TEXT NOT NULL
);

CREATE TABLE enquiries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  email TEXT NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL
);

CREATE TABLE messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  sent_at TEXT NOT NULL
);

INSERT INTO products (slug, name, category, description, price, stock, updated_at) VALUES
  ('green-tea', 'Green tea', 'tea', 'Steamed leaves, light and grassy.', 850, 40, '2024-03-01T08:00:00+00:00'),
  ('black-tea', 'Black tea', 'tea', 'Strong, malty, good with milk.', 720, 60, '2024-03-01T08:00:00+00:00'),
  ('white-tea', 'White tea', 'tea', 'Young buds, dried and nothing else.', 1490, 12, '2024-03-02T08:00:00+00:00'),
  ('oolong', 'Oolong', 'tea', 'Half way between green and black.', 1250, 20, '2024-03-02T08:00:00+00:00'),
  ('espresso', 'Espresso', 'coffee', 'A dark roast for small cups.', 1100, 35, '2024-03-03T08:00:00+00:00'),
  ('filter-coffee', 'Filter coffee', 'coffee', 'A light roast, washed.', 1320, 25, '2024-03-03T08:00:00+00:00'),
  ('decaf', 'Decaf', 'coffee', 'All of the taste, none of the night.', 1180, 0, '2024-03-04T08:00:00+00:00'),
  ('teapot', 'Teapot', 'ware', 'Cast iron, 0.8 litres.', 4900, 5, '2024-03-04T08:00:00+00:00'),
  ('moka-pot', 'Moka pot', 'ware', 'Three cups, for every stove but induction.', 2750, 8, '2024-03-05T08:00:00+00:00'),
  ('cafe-au-lait-bowl', 'Café au lait bowl', 'ware', 'Stoneware, 0.4 litres.', 1600, 14, '2024-03-05T08:00:00+00:00'),
  ('strainer', 'Strainer & stand', 'ware', 'Stainless steel, fine mesh.', 640, 50, '2024-03-06T08:00:00+00:00'),
  ('tea-towel', 'Tea towel', 'ware', 'Linen; "for drying up".', 980, 30, '2024-03-06T08:00:00+00:00');

INSERT INTO coupons VALUES ('WELCOME', 10, 0), ('BULK', 20, 10000);
