// Shows how much is in the cart, without reloading the page.
fetch("/cart/summary")
  .then((answer) => answer.json())
  .then((cart) => {
    const place = document.querySelector("#cart-count");
    if (place) place.textContent = cart.count;
  });
