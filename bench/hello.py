"""The least that a FastAPI service can be: the peer of our start."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def hello() -> str:
    """Greet."""
    return "hello"
