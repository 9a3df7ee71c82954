CREATE TABLE chunks (
    id TEXT PRIMARY KEY,
    document TEXT NOT NULL,
    number INTEGER NOT NULL,
    text TEXT NOT NULL,
    vector TEXT NOT NULL
);
