"""What monitoring asks."""

import asyncio

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from drafting.http.auth import TheFeed, TheHouse
from drafting.http.metrics import DATABASE_BYTES, FEED_LAG_SECONDS, WRITES_WAITING

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def ready(house: TheHouse) -> dict[str, str]:
    """The database can be read and written."""
    await asyncio.to_thread(house.database.read, lambda tx: tx.session.execute(text("SELECT 1")).scalar())
    await asyncio.wrap_future(house.database.write(lambda tx: tx.session.execute(text("SELECT 1")).scalar()))
    return {"status": "ready"}


@router.get("/metrics", response_class=Response)
async def metrics(house: TheHouse, feed: TheFeed) -> Response:
    """Counters for Prometheus."""
    WRITES_WAITING.set(house.database.waiting)
    DATABASE_BYTES.set(await asyncio.to_thread(house.database.size))
    FEED_LAG_SECONDS.set(feed.lag)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
